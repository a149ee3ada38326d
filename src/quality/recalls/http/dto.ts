import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsNotEmpty, IsOptional, IsString, IsUUID, Max, MaxLength, Min } from 'class-validator';
import {
  CommandId,
  Name,
  OptionalFlag,
  OptionalName,
  OptionalOneOf,
  OptionalPart,
  OptionalParts,
  OptionalProse,
  OptionalText,
  OptionalTime,
  Part,
  Prose,
  SearchPageDto,
} from '@/platform/http';
import { CLASSES, DEPTHS, JURISDICTIONS, LANGUAGES, LEVELS } from '../domain/case';
import { RECALL_STATES } from '../domain/states';
import { SignatureDto } from './signature.dto';

const TEXT_MAX = 20_000;

class HazardDto {
  @OptionalProse('how grave the harm is') severity?: string;
  @OptionalProse('how likely it is') likelihood?: string;
  @OptionalProse('who is exposed, and who of them most') population?: string;
  @OptionalProse('what follows at once and in the long run') consequence?: string;
  @OptionalProse('what was made of it') conclusion?: string;
  @OptionalName() evaluatedBy?: string;
}
class ContactDto {
  @OptionalName() name?: string;
  @OptionalName() phone?: string;
  @OptionalName() email?: string;
}
class DetailsDto {
  @OptionalProse('as those who have it know it') product?: string;
  @OptionalProse('why it is recalled') reason?: string;
  @OptionalPart(() => HazardDto) hazard?: HazardDto;
  @OptionalProse('what those who have it are to do') doWhat?: string;
  @OptionalPart(() => ContactDto, 'whom to ask') contact?: ContactDto;
  @OptionalName('who has to be told') authority?: string;
}
export class GoalsDto {
  @OptionalName('hours or working days: "4h", "3d"') scope?: string;
  @OptionalName() holds?: string;
  @OptionalName() notices?: string;
  @OptionalName() authority?: string;
  @OptionalName() accounted?: string;
}

class CaseDto {
  @Name() title: string;
  @OptionalOneOf(CLASSES) class?: string;
  @OptionalOneOf(DEPTHS, 'down to whom it reaches') depth?: string;
  @OptionalOneOf(LEVELS, 'of effectiveness checks') level?: string;
  @OptionalOneOf(JURISDICTIONS) jurisdiction?: string;
  @OptionalOneOf(LANGUAGES, 'of notices') language?: string;
  @OptionalFlag('the scope is approved by another person than who saved it; unless said, it is') fourEyes?: boolean;
  @OptionalPart(() => GoalsDto) goals?: GoalsDto;
  @OptionalPart(() => DetailsDto) details?: DetailsDto;
}

export class CreateRecallDto extends CaseDto {
  @CommandId() id: string;
  @OptionalFlag('for practice: it stops and tells nobody') drill?: boolean;
}

export class ChangeRecallDto extends PartialType(CaseDto) {
  @ApiProperty({ description: 'of the case that you saw' }) @IsInt() @Min(1) revision: number;
}

export class RecallsQuery extends SearchPageDto {
  @OptionalOneOf(['open', ...RECALL_STATES]) state?: string;
  @ApiPropertyOptional()
  @IsOptional()
  @Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : (value as unknown)))
  @IsBoolean()
  drill?: boolean;
}

export class UnitDto {
  @OptionalName() item?: string;
  @OptionalName() lot?: string;
  @OptionalName() serial?: string;
  @OptionalName() run?: string;
  @OptionalText('what a scanner read, instead of item and code', 1_000) scan?: string;
}
class SeedDto {
  @Part(() => UnitDto) unit: UnitDto;
  @OptionalTime('from when on it was bad: ISO 8601 with offset, or a date') from?: string;
  @OptionalTime('until when; a date is its end') until?: string;
}
class MadeDto {
  @Name('ISO 8601 with offset, or a date') from: string;
  @Name('ISO 8601 with offset, or a date: its end') until: string;
  @OptionalName() workCenter?: string;
  @OptionalName('there and below') place?: string;
  @OptionalName() item?: string;
}
export class ReadTextDto {
  @ApiProperty({ description: 'lots or serials as somebody wrote them' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(TEXT_MAX)
  text: string;
}
class TextDto extends ReadTextDto {
  @Name('whose lots or serials they are') item: string;
}
class ItemDto {
  @Name() item: string;
}
class ExcludeDto {
  @Part(() => UnitDto) unit: UnitDto;
  @Prose('why it is not recalled') reason: string;
}
class BarrierDto {
  @OptionalName() item?: string;
  @OptionalName() inspection?: string;
}
class RulesDto {
  @OptionalParts(() => SeedDto) seeds?: SeedDto[];
  @OptionalParts(() => MadeDto) made?: MadeDto[];
  @OptionalParts(() => TextDto) texts?: TextDto[];
  @OptionalParts(() => ItemDto) items?: ItemDto[];
  @OptionalParts(() => ExcludeDto) exclude?: ExcludeDto[];
  @OptionalText('"ever" (default), "shipment", a time or a date') at?: string;
  @OptionalOneOf(['possible', 'certain']) certainty?: 'possible' | 'certain';
  @OptionalParts(() => BarrierDto) barriers?: BarrierDto[];
  @OptionalText('units with less of the suspect than this share are left out') thresholdShare?: string;
  @OptionalProse('why that is safe') justification?: string;
}

export class WhatIfDto {
  @Part(() => RulesDto) rules: RulesDto;
}

export class SaveScopeDto {
  @ApiProperty({ description: 'what you have seen' }) @IsUUID() whatIf: string;
  @Prose('why this is the scope, or why it changes') reason: string;
  @OptionalPart(() => SignatureDto, 'of a running case: whoever widens or narrows it signs') signature?: SignatureDto;
}

export class DiffQuery extends SearchPageDto {
  @ApiPropertyOptional({ description: 'version; unless said, the one before' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100_000)
  against?: number;
  @ApiPropertyOptional({ enum: ['added', 'removed', 'reclassified'] })
  @IsOptional()
  @IsIn(['added', 'removed', 'reclassified'])
  change?: 'added' | 'removed' | 'reclassified';
}
