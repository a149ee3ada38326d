import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { type Permission, PERMISSIONS, type Role, ROLES } from '@/platform/auth';

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

export class UserView {
  @ApiProperty()
  username: string;

  @ApiProperty()
  displayName: string;

  @ApiProperty({ enum: ROLES })
  role: Role;

  @ApiProperty()
  active: boolean;

  @ApiProperty({ enum: PERMISSIONS, isArray: true })
  permissions: readonly Permission[];
}

/** Who calls, by a session or a key. */
export class CallerView {
  @ApiProperty({ description: 'the name of the user or key' })
  username: string;

  @ApiProperty()
  displayName: string;

  @ApiProperty({ enum: ROLES })
  role: Role;

  @ApiProperty({ enum: PERMISSIONS, isArray: true })
  permissions: readonly Permission[];

  @ApiProperty({ example: 'user:anna' })
  actor: string;
}

export class LoginView {
  @ApiProperty()
  user: UserView;
}

export class MeView {
  @ApiProperty()
  user: CallerView;
}

export class ApiKeyView {
  @ApiProperty()
  id: number;

  @ApiProperty()
  name: string;

  @ApiProperty({ enum: ROLES })
  role: Role;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ example: 'user:anna' })
  createdBy: string;
}

export class NewApiKeyView extends ApiKeyView {
  @ApiProperty({ description: 'shown here and nowhere else' })
  key: string;
}
