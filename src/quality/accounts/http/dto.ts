import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import {
  CommandId,
  Name,
  OptionalInt,
  OptionalName,
  OptionalProse,
  OptionalText,
  OptionalTime,
  PageDto,
  Part,
  Prose,
} from '@/platform/http';
import { SignatureDto } from '@/quality/recalls';
import { OUTCOMES, WAYS } from '../app/record-attempt';
import { SETTLED_AS } from '../app/settle-pending';

const SEED_CHARACTERS_MAX = 100;

export class AccountLinesQuery extends PageDto {
  @ApiPropertyOptional({ enum: ['consignee', 'unit'], default: 'unit' })
  @IsOptional()
  @IsIn(['consignee', 'unit'])
  by?: 'consignee' | 'unit';

  @ApiPropertyOptional({ description: 'of units: those alone that are not accounted for in full' })
  @IsOptional()
  @Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : (value as unknown)))
  @IsBoolean()
  pending?: boolean;
}

export class SettleDto {
  @CommandId() id: string;
  @Name('code of the consignee that has it; "-": what is pending in the plant itself') consignee: string;
  @OptionalText("one unit's id, or item~kind~code; unless said, all that is pending there", 300) unit?: string;
  @ApiProperty({ enum: SETTLED_AS }) @IsIn(SETTLED_AS) as: (typeof SETTLED_AS)[number];
  @OptionalName("in the item's unit of measure, of one unit; all of it unless said") quantity?: string;
  @Prose('how you know') reason: string;
  @OptionalText('certificate or other document') document?: string;
}

export class CloseDto {
  @ApiPropertyOptional({ description: 'digest of the reconciliation that you saw, in hex' })
  @IsOptional()
  @IsString()
  @Matches(/^[0-9a-fA-F]{64}$/)
  digest?: string;
  @Part(() => SignatureDto) signature: SignatureDto;
}

export class DrawChecksDto {
  @CommandId() id: string;
  @ApiPropertyOptional({ description: 'with the same consignees it draws the same ones; made up unless said' })
  @IsOptional()
  @IsString()
  @MaxLength(SEED_CHARACTERS_MAX)
  seed?: string;
  @OptionalInt(0, 100, 'of the consignees, at level B') percent?: number;
  @OptionalProse('why it is drawn again') reason?: string;
}

export class AttemptDto {
  @CommandId() id: string;
  @ApiProperty({ enum: WAYS }) @IsIn(WAYS) way: string;
  @ApiProperty({ enum: OUTCOMES }) @IsIn(OUTCOMES) outcome: string;
  @OptionalName('who was spoken to') person?: string;
  @OptionalProse() note?: string;
  @OptionalTime() at?: string;
}

export class ToldDto {
  @Name('which authority') authority: string;
  @OptionalTime() at?: string;
  @OptionalName('its number of the case') ref?: string;
}

export class StatusQuery {
  @OptionalTime('as at the end of this date, or this time; now unless said') date?: string;
}
