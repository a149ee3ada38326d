import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNotEmpty, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import {
  CommandId,
  Name,
  OptionalFlag,
  OptionalInt,
  OptionalOneOf,
  OptionalText,
  Part,
  SearchPageDto,
} from '@/platform/http';
import { SignatureDto } from '@/quality/recalls';
import { CHANNELS, NOTICE_KINDS, NOTICE_STATES } from '../queries/notices';

const HOURS_MAX = 24 * 365;

/** A filter that is on where it is named. */
const Only = (description: string) =>
  applyDecorators(ApiPropertyOptional({ enum: ['true'], description }), IsOptional(), IsIn(['true']));

export class ConsigneesQuery extends SearchPageDto {
  @OptionalOneOf([...NOTICE_STATES, 'none'], 'of the newest notice') state?: string;
  @Only('told, and not answered for all lines') owes?: string;
  @Only('somebody has to see to how they are told') problem?: string;
}

export class NoticesQuery extends SearchPageDto {
  @OptionalOneOf(NOTICE_STATES) state?: string;
  @OptionalOneOf(NOTICE_KINDS) kind?: string;
  @OptionalOneOf(CHANNELS) channel?: string;
  @Only('somebody has to see to them') todo?: string;
}

export class TextQuery {
  @OptionalText("en, de, fr …; the case's language unless said", 20) language?: string;
}

class TextBody {
  @ApiProperty({ example: 'URGENT: PRODUCT RECALL – {{product}} ({{case}})' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(300)
  subject: string;

  @ApiProperty({
    description: '# headline, ## headings with {#section}, - lists; {{fields}}, {{lines}}, {{answerLink}}, [[gaps]]',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(20_000)
  body: string;
}

export class PutTextDto extends TextBody {
  @OptionalText("en, de, fr …; the case's language unless said", 20) language?: string;
}
export class PutTemplateDto extends TextBody {}

export class PutContactDto {
  @Name('who is turned to') name: string;
  @Name('e-mail address') email: string;
}

export class SendDto {
  @CommandId() id: string;

  @ApiProperty({ description: 'how many notices you saw; another number is refused' })
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(10_000_000)
  expected: number;

  @Part(() => SignatureDto) signature: SignatureDto;
}

export class RemindDto {
  @CommandId() id: string;
  @OptionalInt(0, HOURS_MAX, 'not those who were written to in the last so many hours; 24') sinceHours?: number;
  @Part(() => SignatureDto) signature: SignatureDto;
}

export class EscalateDto {
  @CommandId() id: string;
  @OptionalInt(0, 100, 'after so many reminders; 2') after?: number;
  @Part(() => SignatureDto) signature: SignatureDto;
}

export class SettleDto {
  @CommandId() id: string;
  @OptionalText('what was done, or what the mail server wrote', 2_000) note?: string;
}

export class RetryDto extends SettleDto {
  @OptionalFlag('send again what may have arrived') maybeTwice?: boolean;
}
