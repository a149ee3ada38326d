/** Owns partners: suppliers, customers and carriers, with the contacts that a recall notice goes to. */
export { PutPartners } from './app/put-partners';
export type { PartnerInput } from './app/put-partners';
export * from './partners.http';
export * from './partners.module';
export { findPartners, type Partner, partnersByCode, partnersById } from './queries';
