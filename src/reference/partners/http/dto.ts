import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';

/** Shape alone: which values are right, the module says. */
export class PutPartnerDto {
  @ApiProperty({ example: 'Northwind Foods' })
  @IsOptional()
  @IsString()
  name: string;

  @ApiProperty({ example: 'customer', description: 'supplier, customer, carrier …' })
  @IsOptional()
  @IsString()
  kind: string;

  @ApiPropertyOptional({ example: 'quality@northwind.example' })
  @IsOptional()
  @IsString()
  email?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  phone?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  address?: string;

  @ApiPropertyOptional({ example: 'FR' })
  @IsOptional()
  @IsString()
  country?: string;
}

export class PartnerView {
  @ApiProperty({ example: 'NORTHWIND' })
  partner: string;

  @ApiProperty()
  name: string;

  @ApiProperty({ example: 'customer' })
  kind: string;

  @ApiProperty({ type: String, nullable: true })
  email: string | null;

  @ApiProperty({ type: String, nullable: true })
  phone: string | null;

  @ApiProperty({ type: String, nullable: true })
  address: string | null;

  @ApiProperty({ type: String, nullable: true })
  country: string | null;
}
