import { Module } from '@nestjs/common';
import { ForgetView } from './app/forget-view';
import { KeepView } from './app/keep-view';
import { ViewsController } from './http/views.controller';

@Module({ providers: [KeepView, ForgetView], controllers: [ViewsController] })
export class ViewsHttpModule {}
