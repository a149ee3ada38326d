import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { IsArray, IsBoolean, IsObject, IsOptional, IsString } from 'class-validator';
import { DomainError } from '@/kernel';
import { Ctx, RequirePermission } from '@/platform/auth';
import { Context, Database } from '@/platform/db';
import { Page, PageDto } from '@/platform/http';
import { PutMapping } from '../app/put-mapping';
import { listMappings, mappingRecord, mappingView, MappingView } from '../mappings';

/** The domain says what is wrong inside; here only the shape is checked. */
class MappingBody {
  @IsString() kind: string;
  @IsObject() columns: Record<string, string>;
  @IsOptional() @IsObject() constants?: Record<string, string>;
  @IsOptional() @IsObject() values?: Record<string, Record<string, string>>;
  @IsOptional() @IsString() dateFormat?: string;
  @IsOptional() @IsString() timeZone?: string;
  @IsOptional() @IsBoolean() decimalComma?: boolean;
  /** of the file that it was made for: files with the same ones are read by it of themselves */
  @IsOptional() @IsArray() @IsString({ each: true }) headers?: string[];
}

const NAME_CHARACTERS_MAX = 100;

@ApiTags('imports')
@Controller('import-mappings')
export class ImportMappingsController {
  constructor(
    private readonly putMapping: PutMapping,
    private readonly db: Database,
  ) {}

  @Get()
  @RequirePermission('imports:read')
  @ApiOperation({ summary: 'Saved mappings of other headers to ours, by name' })
  list(@Query() query: PageDto): Promise<Page<MappingView>> {
    return listMappings(this.db, query.cursor, query.limit);
  }

  @Get(':name')
  @RequirePermission('imports:read')
  @ApiOperation({ summary: 'One mapping' })
  async one(@Param('name') name: string): Promise<MappingView> {
    return mappingView(await mappingRecord(this.db, name));
  }

  @Put(':name')
  @RequirePermission('imports:run')
  @ApiOperation({ summary: 'Save a mapping under a name' })
  put(@Ctx() ctx: Context, @Param('name') name: string, @Body() body: MappingBody): Promise<MappingView> {
    if (name.trim() === '' || name.length > NAME_CHARACTERS_MAX)
      throw new DomainError('IMPORT_MAPPING_WRONG', {
        field: 'name',
        reason: `it must have 1 to ${NAME_CHARACTERS_MAX} characters.`,
      });
    return this.putMapping.execute(ctx, name.trim(), { ...body });
  }

  @Delete(':name')
  @HttpCode(204)
  @RequirePermission('imports:run')
  @ApiOperation({ summary: 'Forget a mapping; imports that were asked with it keep it' })
  remove(@Ctx() ctx: Context, @Param('name') name: string): Promise<void> {
    return this.putMapping.remove(ctx, name);
  }
}
