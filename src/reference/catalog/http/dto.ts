import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsDefined, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';

/** Shape alone: which values are right, the catalog says. */
export class PutItemDto {
  @ApiProperty({ example: 'Resin 100' })
  @IsOptional()
  @IsString()
  name: string;

  @ApiProperty({ enum: ['serial', 'lot', 'none'] })
  @IsOptional()
  @IsString()
  tracking: string;

  @ApiProperty({ enum: ['mg', 'g', 'kg', 't', 'ml', 'l', 'mm', 'cm', 'm', 'pcs'] })
  @IsOptional()
  @IsString()
  uom: string;

  @ApiPropertyOptional({ description: '8, 12, 13 or 14 digits with a right check digit; answered with 14' })
  @IsOptional()
  @IsString()
  gtin?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  category?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { box: '12' },
    description: "the item's own units of measure, in base units",
  })
  @IsOptional()
  @IsObject()
  factors?: Record<string, string>;
}

export class BomLineDto {
  @ApiProperty({ example: 'RM-100' })
  @IsOptional()
  @IsString()
  component: string;

  @ApiProperty({ example: '0.250' })
  @IsOptional()
  @IsString()
  quantity: string;

  @ApiProperty({ example: 'kg' })
  @IsOptional()
  @IsString()
  uom: string;

  @ApiPropertyOptional({ example: 'R12' })
  @IsOptional()
  @IsString()
  position?: string;

  @ApiPropertyOptional({ type: [String], description: 'approved alternates' })
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  substitutes?: string[];
}

export class PutBomDto {
  @ApiProperty({ type: [BomLineDto] })
  @IsDefined()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => BomLineDto)
  lines: BomLineDto[];

  @ApiPropertyOptional({ example: '2026-01-01', description: 'a date, or a time with offset' })
  @IsOptional()
  @IsString()
  effectiveFrom?: string;

  @ApiPropertyOptional({ example: '2026-12-31', description: 'a date covers its whole day' })
  @IsOptional()
  @IsString()
  effectiveUntil?: string;
}
