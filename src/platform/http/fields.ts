/** The fields that bodies of requests are made of: their shape, and how the API page shows them. */
import { applyDecorators, type Type as Class } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

const NAME_CHARACTERS_MAX = 100;
const PROSE_CHARACTERS_MAX = 2_000;
const SCAN_CHARACTERS_MAX = 1_000;
export const LINES_MAX = 1_000;

const text = (max: number) => [IsString(), MaxLength(max)];

/** What a scanner read, or a person typed in its stead. */
export const Scanned = (description = '') =>
  applyDecorators(ApiProperty({ description }), ...text(SCAN_CHARACTERS_MAX), IsNotEmpty());
export const OptionalText = (description = '', max = NAME_CHARACTERS_MAX) =>
  applyDecorators(ApiPropertyOptional({ description }), IsOptional(), ...text(max));
/** A code or number that must be there. */
export const Name = (description = '') =>
  applyDecorators(ApiProperty({ description }), ...text(NAME_CHARACTERS_MAX), IsNotEmpty());
export const OptionalName = (description = '') =>
  applyDecorators(ApiPropertyOptional({ description }), IsOptional(), ...text(NAME_CHARACTERS_MAX), IsNotEmpty());
export const Prose = (description = '') =>
  applyDecorators(ApiProperty({ description }), ...text(PROSE_CHARACTERS_MAX), IsNotEmpty());
export const OptionalProse = (description = '') =>
  applyDecorators(ApiPropertyOptional({ description }), IsOptional(), ...text(PROSE_CHARACTERS_MAX));
/** The client's own key of a command. */
export const CommandId = () =>
  applyDecorators(
    ApiProperty({ description: 'your own key: sent again it changes nothing and answers as the first time' }),
    IsString(),
    IsNotEmpty(),
    MaxLength(150),
  );
export const OptionalTime = (description = 'ISO 8601 with offset, or a date; now unless said') =>
  applyDecorators(ApiPropertyOptional({ description }), IsOptional(), ...text(40), IsNotEmpty());
export const OptionalFlag = (description = '') =>
  applyDecorators(ApiPropertyOptional({ description }), IsOptional(), IsBoolean());
export const OptionalInt = (min: number, max: number, description = '') =>
  applyDecorators(
    ApiPropertyOptional({ description }),
    IsOptional(),
    Type(() => Number),
    IsInt(),
    Min(min),
    Max(max),
  );
export const OptionalOneOf = (values: readonly string[], description = '') =>
  applyDecorators(ApiPropertyOptional({ enum: values, description }), IsOptional(), IsIn(values));
export const OptionalNames = (max: number, description = '') =>
  applyDecorators(
    ApiPropertyOptional({ type: [String], description }),
    IsOptional(),
    IsArray(),
    ArrayMaxSize(max),
    IsString({ each: true }),
    IsNotEmpty({ each: true }),
    MaxLength(NAME_CHARACTERS_MAX, { each: true }),
  );
export const Part = (of: () => Class) =>
  applyDecorators(ApiProperty({ type: of }), IsDefined(), ValidateNested(), Type(of));
export const OptionalPart = (of: () => Class, description = '') =>
  applyDecorators(ApiPropertyOptional({ type: of, description }), IsOptional(), ValidateNested(), Type(of));
export const Parts = (of: () => Class, max = LINES_MAX) =>
  applyDecorators(
    ApiProperty({ type: [of()] }),
    IsDefined(),
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(max),
    ValidateNested({ each: true }),
    Type(of),
  );
export const OptionalParts = (of: () => Class, max = LINES_MAX) =>
  applyDecorators(
    ApiPropertyOptional({ type: [of()] }),
    IsOptional(),
    IsArray(),
    ArrayMaxSize(max),
    ValidateNested({ each: true }),
    Type(of),
  );
