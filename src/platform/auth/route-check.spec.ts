import { Controller, Delete, Get, Module, Post, type Type } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { Public, RequirePermission, SignedIn } from './decorators';
import { RouteCheck } from './route-check';

async function boot(controller: Type): Promise<void> {
  @Module({ imports: [DiscoveryModule], controllers: [controller], providers: [RouteCheck] })
  class TestModule {}
  const app = await NestFactory.createApplicationContext(TestModule, { logger: false, abortOnError: false });
  await app.close();
}

describe('the check of routes at boot', () => {
  it('stops on a route that names no permission and is not public', async () => {
    @Controller('things')
    class Forgotten {
      @Get()
      @RequirePermission('units:read')
      list(): void {}

      @Post('open')
      create(): void {}
    }
    await expect(boot(Forgotten)).rejects.toThrow('Forgotten.create (POST open)');
  });

  it('is content when every route says what it needs, itself or by its controller', async () => {
    @Controller('things')
    @RequirePermission('units:read')
    class Guarded {
      @Get()
      list(): void {}

      @Get('me')
      @SignedIn()
      me(): void {}

      @Delete()
      @Public()
      remove(): void {}

      /** no route */
      other(): void {}
    }
    await expect(boot(Guarded)).resolves.toBeUndefined();
  });
});
