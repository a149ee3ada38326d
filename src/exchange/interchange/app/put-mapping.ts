import { Injectable } from '@nestjs/common';
import { Context, UnitOfWork } from '@/platform/db';
import { deleteMapping, findMapping, saveMapping } from '../db/mapping-store';
import { headerKey, readMapping } from '../domain/mapping';
import { mappingRecord, mappingView, MappingView } from '../mappings';

/** Saves mappings by name. An import keeps the mapping that it was asked with: a later change does not reach it. */
@Injectable()
export class PutMapping {
  constructor(private readonly uow: UnitOfWork) {}

  /** `headers`: those of the file that it was made for; files with the same ones are read by it. Throws IMPORT_MAPPING_WRONG. */
  execute(
    ctx: Context,
    name: string,
    { headers, ...body }: Record<string, unknown> & { headers?: string[] },
  ): Promise<MappingView> {
    const mapping = readMapping(body);
    return this.uow.run(ctx, async (tx) => {
      const before = await findMapping(tx, name);
      await saveMapping(tx, name, mapping, headers ? headerKey(headers) : null);
      const after = await mappingRecord(tx, name);
      const same =
        JSON.stringify(before?.body) === JSON.stringify(after.body) && before?.header_key === after.header_key;
      if (!same)
        await tx.audit({
          action: 'put-import-mapping',
          subject: `import-mapping:${name}`,
          before: before?.body,
          after: after.body,
        });
      return mappingView(after);
    });
  }

  /** Throws NOT_FOUND. */
  async remove(ctx: Context, name: string): Promise<void> {
    await this.uow.run(ctx, async (tx) => {
      const before = await mappingRecord(tx, name);
      await deleteMapping(tx, name);
      await tx.audit({ action: 'delete-import-mapping', subject: `import-mapping:${name}`, before: before.body });
    });
  }
}
