import { DomainError } from '@/kernel';
import { Fields } from '../../master';

const FIELDS = ['partner', 'name', 'kind', 'email', 'phone', 'address', 'country'];

/** A partner as versions and audit lines keep it; absent fields are left out. */
export interface PartnerBody {
  name: string;
  /** supplier, customer, carrier, or what else a plant calls it */
  kind: string;
  email?: string;
  phone?: string;
  address?: string;
  country?: string;
}

/** Checks a row from a request or a file. Throws FIELD_REQUIRED, FIELD_INVALID, UNKNOWN_FIELD. */
export function readPartner(row: Readonly<Record<string, unknown>>): { code: string; body: PartnerBody } {
  const fields = new Fields(row, FIELDS);
  const email = fields.optional('email', 320);
  const phone = fields.optional('phone', 100);
  const address = fields.optional('address', 1_000);
  const country = fields.optional('country', 100);
  // A recall notice goes there: what cannot be an address is found now, not then.
  if (email !== undefined && !/^[^\s@]+@[^\s@]+$/.test(email))
    throw new DomainError('FIELD_INVALID', { field: 'email', reason: `"${email}" is no e-mail address.` });
  return {
    code: fields.code('partner'),
    body: {
      name: fields.required('name'),
      kind: fields.required('kind', 50),
      ...(email && { email }),
      ...(phone && { phone }),
      ...(address && { address }),
      ...(country && { country }),
    },
  };
}
