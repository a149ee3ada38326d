import { Body, Controller, Delete, Get, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsBoolean, IsNotEmpty, IsObject, IsOptional, IsString, MaxLength } from 'class-validator';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database } from '@/platform/db';
import { ForgetView } from '../app/forget-view';
import { KeepView } from '../app/keep-view';
import { type SavedView, viewsOf } from '../queries';

class ListParam {
  @ApiProperty({ example: 'stock' }) @IsString() @IsNotEmpty() @MaxLength(40) list: string;
}

class ViewParams extends ListParam {
  @ApiProperty({ example: 'Expires soon' }) @IsString() @IsNotEmpty() @MaxLength(100) view: string;
}

class ViewDto {
  @ApiProperty({ description: 'what the list is narrowed by, as its address holds it' })
  @IsObject()
  search: Record<string, unknown>;
  @ApiPropertyOptional({ description: 'whether others see it too' }) @IsOptional() @IsBoolean() shared?: boolean;
}

/** Everybody who may read keeps views: a view grants nothing, it only says what is looked for. */
@ApiTags('views')
@Controller('views')
@RequirePermission('units:read')
export class ViewsController {
  constructor(
    private readonly database: Database,
    private readonly keepView: KeepView,
    private readonly forgetView: ForgetView,
  ) {}

  @Get(':list')
  @ApiOperation({ summary: 'The views of a list: your own, and those that others share' })
  async list(@Ctx() ctx: Context, @Param() { list }: ListParam): Promise<{ data: SavedView[] }> {
    return { data: await viewsOf(this.database, list, ctx.actor) };
  }

  @Put(':list/:view')
  @ApiOperation({ summary: 'Keep a view under a name of your own' })
  async keep(
    @Ctx() ctx: Context,
    @Param() { list, view }: ViewParams,
    @Body() body: ViewDto,
  ): Promise<{ data: SavedView[] }> {
    return { data: await this.keepView.execute(ctx, list, view, body) };
  }

  @Delete(':list/:view')
  @ApiOperation({ summary: 'Forget a view of your own' })
  async forget(@Ctx() ctx: Context, @Param() { list, view }: ViewParams): Promise<{ data: SavedView[] }> {
    return { data: await this.forgetView.execute(ctx, list, view) };
  }
}
