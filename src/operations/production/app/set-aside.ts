import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Context } from '@/platform/db';
import { placesByCode } from '@/reference/places';
import { buildByRef, buildName, endBuild, placeBuild } from '../db/builds';
import { workCenterByCode } from '../db/work-centers';
import { BuildView, viewBuild } from '../queries';
import { Commands } from './commands';
import { mustBeOpen } from './scan-part';

/** Parks a build, takes it up again where one is now, or gives it up: nothing is recorded, and its parts are free again. */
@Injectable()
export class SetAside {
  constructor(private readonly commands: Commands) {}

  /** Throws BUILD_STATE. */
  park(ctx: Context, ref: string, input: { id: string; reason?: string }): Promise<BuildView> {
    return this.commands.run(ctx, 'park-build', input.id, { ...input, build: ref }, async (tx) => {
      const build = await buildByRef(tx, ref, true);
      mustBeOpen(build, 'be parked');
      await placeBuild(tx, build.buildId, 'parked', build);
      await tx.audit({
        action: 'park-build',
        subject: `build:${buildName(build.buildId)}`,
        after: { station: build.station, ...(input.reason && { reason: input.reason }) },
      });
      return viewBuild(tx, { ...build, state: 'parked' });
    });
  }

  /** Takes a parked build, or one that is open at another station. Throws BUILD_STATE, NOT_FOUND, UNKNOWN_PLACE. */
  resume(
    ctx: Context,
    ref: string,
    input: { id: string; workCenter?: string; place?: string; station?: string; operator?: string },
  ): Promise<BuildView> {
    return this.commands.run(ctx, 'resume-build', input.id, { ...input, build: ref }, async (tx) => {
      const build = await buildByRef(tx, ref, true);
      if (build.state !== 'parked') mustBeOpen(build, 'be resumed');
      const center = input.workCenter === undefined ? null : await workCenterByCode(tx, input.workCenter);
      const place = input.place === undefined ? null : (await placesByCode(tx, [input.place])).get(input.place);
      if (place === undefined) throw new DomainError('UNKNOWN_PLACE', { place: input.place });
      await placeBuild(tx, build.buildId, 'open', {
        workCenterId: center?.workCenterId ?? build.workCenterId,
        placeId: place?.placeId ?? center?.placeId ?? build.placeId,
        station: input.station ?? build.station,
        operator: input.operator ?? build.operator,
      });
      await tx.audit({
        action: 'resume-build',
        subject: `build:${buildName(build.buildId)}`,
        before: { station: build.station },
        after: { station: input.station ?? build.station },
      });
      return viewBuild(tx, await buildByRef(tx, ref));
    });
  }

  /** Throws BUILD_STATE. */
  abandon(ctx: Context, ref: string, input: { id: string; reason: string }): Promise<BuildView> {
    return this.commands.run(ctx, 'abandon-build', input.id, { ...input, build: ref }, async (tx) => {
      const build = await buildByRef(tx, ref, true);
      if (build.state !== 'parked') mustBeOpen(build, 'be abandoned');
      await endBuild(tx, build.buildId, 'abandoned', { reason: input.reason, eventClientId: null });
      await tx.audit({
        action: 'abandon-build',
        subject: `build:${buildName(build.buildId)}`,
        after: { unit: `${build.item} ${build.code}`, reason: input.reason },
      });
      return viewBuild(tx, await buildByRef(tx, ref));
    });
  }
}
