import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { ROLES, type Role } from '@/platform/auth';

export class LoginDto {
  @ApiProperty()
  @IsString()
  @Length(1, 200)
  username: string;

  @ApiProperty()
  @IsString()
  @Length(1, 200)
  password: string;
}

export class CreateUserDto {
  @ApiProperty({ example: 'anna' })
  @IsString()
  @Length(1, 64)
  username: string;

  @ApiProperty({ example: 'Anna Schmidt' })
  @IsString()
  @Length(1, 200)
  displayName: string;

  @ApiProperty({ enum: ROLES })
  @IsIn(ROLES)
  role: Role;

  @ApiProperty({ minLength: 8 })
  @IsString()
  @MaxLength(200)
  password: string;
}

export class ChangeUserDto {
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @Length(1, 200)
  displayName?: string;

  @ApiPropertyOptional({ enum: ROLES })
  @IsOptional()
  @IsIn(ROLES)
  role?: Role;

  @ApiPropertyOptional()
  @IsOptional()
  @IsBoolean()
  active?: boolean;

  @ApiPropertyOptional({ minLength: 8 })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  password?: string;
}

export class CreateApiKeyDto {
  @ApiProperty({ example: 'erp', description: 'names the source of the events that it sends' })
  @IsString()
  @Length(1, 64)
  name: string;

  @ApiProperty({ enum: ROLES })
  @IsIn(ROLES)
  role: Role;
}
