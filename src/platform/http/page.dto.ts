import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { PAGE_SIZE, PAGE_SIZE_MAX } from './page';

/** The query of a list. */
export class PageDto {
  @ApiPropertyOptional({ description: '`nextCursor` of the page before' })
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  cursor?: string;

  @ApiPropertyOptional({ minimum: 1, maximum: PAGE_SIZE_MAX, default: PAGE_SIZE })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(PAGE_SIZE_MAX)
  limit?: number;
}

/** The query of a list that can be searched. */
export class SearchPageDto extends PageDto {
  @ApiPropertyOptional({ description: 'the start of a code, or a part of a name' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  q?: string;
}
