import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { DomainError } from '@/kernel';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database } from '@/platform/db';
import { PutRule } from '../app/put-rule';
import { RunRules } from '../app/run-rules';
import { allRules, ruleByCode, type RuleRecord } from '../db/rules';
import { RULE_KINDS, type RuleKind } from '../domain/rules';
import { QuantityDto } from './task-dto';

class PutRuleDto {
  @ApiProperty({ enum: RULE_KINDS }) @IsIn(RULE_KINDS) kind: RuleKind;
  @ApiPropertyOptional({ default: true }) @IsOptional() @IsBoolean() active?: boolean;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(100) item?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(100) category?: string;

  @ApiPropertyOptional({ description: 'putaway: the dock; replenishment: where to fetch from; sweep: where to look' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  from?: string;

  @ApiProperty({ description: 'putaway: the store; replenishment: the place to refill; sweep: quarantine' })
  @IsString()
  @MaxLength(100)
  to: string;

  @ApiPropertyOptional({ type: QuantityDto, description: 'of a replenishment: below it there is a task' })
  @IsOptional()
  @ValidateNested()
  @Type(() => QuantityDto)
  min?: QuantityDto;

  @ApiPropertyOptional({ type: QuantityDto, description: 'of a replenishment: up to it' })
  @IsOptional()
  @ValidateNested()
  @Type(() => QuantityDto)
  max?: QuantityDto;

  @ApiPropertyOptional({ minimum: 1, maximum: 3 }) @IsOptional() @IsInt() @Min(1) @Max(3) priority?: number;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(100) role?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(2_000) instruction?: string;
}

class RunRulesDto {
  @ApiPropertyOptional({ description: 'one rule; absent: all that are active' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  rule?: string;
}

function view(rule: RuleRecord) {
  const quantity = (value: string | null) => (value === null || rule.uom === null ? null : { value, uom: rule.uom });
  return {
    rule: rule.code,
    kind: rule.kind,
    active: rule.active,
    item: rule.item,
    category: rule.category,
    from: rule.from,
    to: rule.to,
    min: quantity(rule.min),
    max: quantity(rule.max),
    priority: rule.priority,
    role: rule.role,
    instruction: rule.instruction,
    changedAt: rule.changedAt.toISOString(),
    changedBy: rule.changedBy,
  };
}

@ApiTags('tasks')
@Controller('task-rules')
export class RulesController {
  constructor(
    private readonly database: Database,
    private readonly putRule: PutRule,
    private readonly runRules: RunRules,
  ) {}

  @Get()
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'The rules that make tasks' })
  async list() {
    return { data: (await allRules(this.database)).map(view), nextCursor: null };
  }

  @Put(':rule')
  @RequirePermission('work:plan')
  @ApiOperation({ summary: 'Creates or replaces a rule: putaway, replenishment, or sweep of what is held' })
  async put(@Ctx() ctx: Context, @Param('rule') code: string, @Body() body: PutRuleDto) {
    await this.putRule.execute(ctx, code, body);
    return view((await ruleByCode(this.database, code))!);
  }

  @Post('run')
  @HttpCode(200)
  @RequirePermission('work:plan')
  @ApiOperation({ summary: 'Makes the tasks that the rules ask for now; again it makes none twice' })
  async run(@Ctx() ctx: Context, @Body() body: RunRulesDto) {
    if (body.rule !== undefined && !(await ruleByCode(this.database, body.rule)))
      throw new DomainError('NOT_FOUND', { what: 'rule', key: body.rule });
    return this.runRules.execute(ctx, body.rule);
  }
}
