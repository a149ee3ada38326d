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

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    example: { grade: 'A' },
    description: 'own attributes',
  })
  @IsOptional()
  @IsObject()
  attributes?: Record<string, string | number | boolean>;
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

export class ItemView {
  @ApiProperty({ example: 'RM-100' })
  item: string;

  @ApiProperty()
  name: string;

  @ApiProperty({ enum: ['serial', 'lot', 'none'] })
  tracking: 'serial' | 'lot' | 'none';

  @ApiProperty({ example: 'kg' })
  uom: string;

  @ApiProperty({ type: String, nullable: true, description: '14 digits' })
  gtin: string | null;

  @ApiProperty({ type: String, nullable: true })
  category: string | null;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, nullable: true })
  factors: Record<string, string> | null;

  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  attributes: Record<string, string | number | boolean> | null;
}

export class BomLineView {
  @ApiProperty()
  component: string;

  @ApiProperty({ example: '0.250' })
  quantity: string;

  @ApiProperty()
  uom: string;

  @ApiProperty({ type: String, nullable: true })
  position: string | null;

  @ApiProperty({ type: [String] })
  substitutes: string[];
}

export class BomView {
  @ApiProperty()
  item: string;

  @ApiProperty()
  revision: string;

  @ApiProperty({ type: [BomLineView] })
  lines: BomLineView[];

  @ApiProperty({ type: String, nullable: true })
  effectiveFrom: string | null;

  @ApiProperty({ type: String, nullable: true })
  effectiveUntil: string | null;
}
