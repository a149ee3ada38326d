import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { CommandId, Name, OptionalOneOf, OptionalParts, OptionalText } from '@/platform/http';
import { RESTS } from '../domain/answer';

const NOTE_MAX = 1_000;

class AnswerLineDto {
  @IsString()
  @Matches(/^u\d{1,9}$/)
  @ApiPropertyOptional({ example: 'u12', description: 'of the page' })
  line: string;

  @OptionalText('how much is there now, in the unit of measure of the line', 40) found?: string;
  @OptionalText('how much was sold or passed on', 40) sold?: string;
  @OptionalText('how much was destroyed', 40) destroyed?: string;
  @OptionalText('how much was sent back', 40) returned?: string;
  @OptionalText('', NOTE_MAX) note?: string;
}

export class AnswerDto {
  @CommandId() id: string;
  @Name('who answers') name: string;
  @OptionalParts(() => AnswerLineDto) lines?: AnswerLineDto[];
  @OptionalOneOf(
    RESTS,
    'what became of all lines that are not named: all found, sold …; none: nothing of them is known',
  )
  rest?: (typeof RESTS)[number];
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(NOTE_MAX)
  note?: string;
}
