import type { Server } from 'node:http';
import { BeforeApplicationShutdown, Global, Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ProblemFilter } from './problem.filter';

/** Requests under way get this long to end; streams of news never end by themselves. */
const STOP_MS_MAX = 1_500;

@Global()
@Module({ providers: [ProblemFilter], exports: [ProblemFilter] })
export class HttpModule implements BeforeApplicationShutdown {
  constructor(private readonly host: HttpAdapterHost) {}

  beforeApplicationShutdown(): void {
    const server = this.host.httpAdapter?.getHttpServer() as Server | undefined;
    setTimeout(() => server?.closeAllConnections(), STOP_MS_MAX).unref();
  }
}
