import { Injectable, OnApplicationBootstrap, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { PERMISSION, PUBLIC } from './decorators';

/** Stops the boot when a route names no permission and is not public: a forgotten guard is found before any request. */
@Injectable()
export class RouteCheck implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onApplicationBootstrap(): void {
    const open = this.discovery.getControllers().flatMap(({ instance, metatype }) => {
      if (!instance || !metatype) return [];
      const prototype = Object.getPrototypeOf(instance) as object;
      return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
        const handler = (prototype as Record<string, unknown>)[name] as () => unknown;
        const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
        if (method === undefined) return [];
        const said =
          this.reflector.getAllAndOverride<unknown>(PERMISSION, [handler, metatype]) ??
          this.reflector.getAllAndOverride<unknown>(PUBLIC, [handler, metatype]);
        if (said !== undefined) return [];
        const path = String(Reflect.getMetadata(PATH_METADATA, handler));
        return [`${metatype.name}.${name} (${RequestMethod[method]} ${path})`];
      });
    });
    if (open.length > 0)
      throw new Error(`Routes without @RequirePermission or @Public: ${open.join(', ')}. Name what each one needs.`);
  }
}
