/** What the bodies of this module name again and again. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { Name, OptionalName, OptionalOneOf } from '@/platform/http';

export class QuantityDto {
  @ApiProperty({ example: '12.500' }) @IsString() @MaxLength(60) value: string;
  @ApiProperty({ example: 'kg' }) @IsString() @MaxLength(30) uom: string;
}

/** One result of an inspection. */
export class InspectionResultDto {
  @Name() characteristic: string;
  @OptionalName('a decimal number, where the plan has limits') measured?: string;
  @OptionalOneOf(['pass', 'fail']) result?: 'pass' | 'fail';
}

/** A unit by item and code, or by what the scanner read. */
export class UnitDto {
  @OptionalName() item?: string;
  @OptionalName() lot?: string;
  @OptionalName() serial?: string;
  @OptionalName() run?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @IsNotEmpty() @MaxLength(1_000) scan?: string;
}
