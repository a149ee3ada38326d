import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database } from '@/platform/db';
import type { Page } from '@/platform/http';
import { ApproveRecall } from '../app/approve-recall';
import { InitiateRecall } from '../app/initiate-recall';
import { lastInitiation } from '../initiation-queries';
import { type Recall, recallByKey } from '../queries';
import { signaturesOf, type SignatureView, stepsOf, type StepView } from '../steps-queries';
import { InitiateDto, RefuseDto, SignedDto } from './signature.dto';

const now = ({ key, state, revision }: Recall) => ({ recall: key, state, revision });

@ApiTags('recalls')
@Controller('recalls/:recall')
export class StepsController {
  constructor(
    private readonly database: Database,
    private readonly decide: ApproveRecall,
    private readonly initiation: InitiateRecall,
  ) {}

  @Get('signatures')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'Who signed what, with its meaning, reason and time, and the digest that it is bound to' })
  async signatures(@Param('recall') recall: string): Promise<Page<SignatureView>> {
    const { recallId } = await recallByKey(this.database, recall);
    return { data: await signaturesOf(this.database, recallId), nextCursor: null };
  }

  @Get('steps')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'What was done with the case, the oldest first' })
  async steps(@Param('recall') recall: string): Promise<Page<StepView>> {
    const { recallId } = await recallByKey(this.database, recall);
    return { data: await stepsOf(this.database, recallId), nextCursor: null };
  }

  @Post('approve')
  @HttpCode(200)
  @RequirePermission('recalls:approve')
  @ApiOperation({ summary: 'Approves the newest version; with four eyes, not by who saved it' })
  async approve(@Ctx() ctx: Context, @Param('recall') recall: string, @Body() body: SignedDto) {
    return now(await this.decide.approve(ctx, { ...body, recall }));
  }

  @Post('refuse')
  @HttpCode(200)
  @RequirePermission('recalls:approve')
  @ApiOperation({ summary: 'Gives the case back to whoever prepared it' })
  async refuse(@Ctx() ctx: Context, @Param('recall') recall: string, @Body() body: RefuseDto) {
    return now(await this.decide.refuse(ctx, { ...body, recall }));
  }

  @Post('initiate')
  @HttpCode(202)
  @RequirePermission('recalls:conduct')
  @ApiOperation({ summary: 'Stops everything in scope: traced again first, and done by the worker in one transaction' })
  initiate(@Ctx() ctx: Context, @Param('recall') recall: string, @Body() body: InitiateDto) {
    return this.initiation.execute(ctx, { ...body, recall });
  }

  @Get('initiation')
  @RequirePermission('recalls:read')
  @ApiOperation({
    summary: 'The last initiation: how far it is, what it stopped, or how the scope has changed meanwhile',
  })
  async last(@Param('recall') recall: string) {
    return { initiation: await lastInitiation(this.database, await recallByKey(this.database, recall)) };
  }

  @Post('withdraw')
  @HttpCode(200)
  @RequirePermission('recalls:conduct')
  @ApiOperation({ summary: 'Closes a case before anything was stopped' })
  async withdraw(@Ctx() ctx: Context, @Param('recall') recall: string, @Body() body: SignedDto) {
    return now(await this.decide.withdraw(ctx, { ...body, recall }));
  }
}
