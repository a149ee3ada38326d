import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { Part, Prose } from '@/platform/http';

/** What a person types to sign. */
export class SignatureDto {
  @ApiProperty({ description: 'the password that you sign in with, again' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1_000)
  password: string;

  @Prose('what your signature means: "I approve this scope"')
  meaning: string;

  @Prose('why you sign')
  reason: string;
}

export class SignedDto {
  @ApiPropertyOptional({
    description: 'digest of the scope version that you saw, in hex; refused where it is not the newest',
  })
  @IsOptional()
  @IsString()
  @Matches(/^[0-9a-fA-F]{64}$/)
  digest?: string;

  @Part(() => SignatureDto)
  signature: SignatureDto;
}

export class InitiateDto extends SignedDto {
  @ApiPropertyOptional({ description: 'digest of the changed scope that the last initiation found, in hex' })
  @IsOptional()
  @IsString()
  @Matches(/^[0-9a-fA-F]{64}$/)
  acknowledge?: string;
}

export class RefuseDto {
  @Prose('what is to be mended')
  reason: string;
}
