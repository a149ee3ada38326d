import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsArray, IsOptional, IsString } from 'class-validator';
import { DomainError } from '@/kernel';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database, escapeLike } from '@/platform/db';
import { ApiPage, decodeCursor, type Page, pageSize, SearchPageDto, toPage } from '@/platform/http';
import { throwRefusal } from '../../master';
import { PutAttributes } from '../app/put-attributes';
import { attributesByName, type AttributeRecord, findAttributes } from '../queries';

const TYPES = ['text', 'number', 'boolean', 'date', 'choice'];

/** Shape alone: which values are right, the catalog says. */
class PutAttributeDto {
  @ApiPropertyOptional({ description: 'what people read; default the name' }) @IsOptional() @IsString() label?: string;
  @ApiProperty({ enum: TYPES }) @IsOptional() @IsString() type: string;

  @ApiPropertyOptional({ type: [String], description: 'of a choice: what it may be' })
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  values?: string[];

  @ApiPropertyOptional() @IsOptional() @IsString() uom?: string;

  @ApiPropertyOptional({ enum: ['item', 'unit', 'both'], default: 'both' })
  @IsOptional()
  @IsString()
  appliesTo?: string;

  @ApiPropertyOptional({ type: [String], description: 'of these items alone' })
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  items?: string[];

  @ApiPropertyOptional({ description: 'of the items of this category alone' })
  @IsOptional()
  @IsString()
  category?: string;
}

class AttributeView {
  @ApiProperty() name: string;
  @ApiProperty() label: string;
  @ApiProperty({ enum: TYPES }) type: string;
  @ApiProperty({ type: [String], nullable: true }) values: string[] | null;
  @ApiProperty({ type: String, nullable: true }) uom: string | null;
  @ApiProperty({ enum: ['item', 'unit', 'both'] }) appliesTo: string;
  @ApiProperty({ type: [String], nullable: true }) items: string[] | null;
  @ApiProperty({ type: String, nullable: true }) category: string | null;
}

const view = ({ choices, items, ...rest }: AttributeRecord): AttributeView => ({
  ...rest,
  values: choices && [...choices],
  items: items && [...items],
});

@ApiTags('master data')
@Controller('attributes')
export class AttributesController {
  constructor(
    private readonly database: Database,
    private readonly putAttributes: PutAttributes,
  ) {}

  @Get()
  @RequirePermission('masterdata:read')
  @ApiOperation({ summary: 'Definitions of own attributes, by name' })
  @ApiPage(AttributeView)
  async list(@Query() query: SearchPageDto): Promise<Page<AttributeView>> {
    const size = pageSize(query.limit);
    const after = decodeCursor<string>(query.cursor) ?? '';
    const rows = await findAttributes(this.database, escapeLike(query.q ?? ''), after, size + 1);
    return toPage(rows, size, (row) => row.name, view);
  }

  @Get(':name')
  @RequirePermission('masterdata:read')
  @ApiOperation({ summary: 'The definition of an own attribute' })
  @ApiOkResponse({ type: AttributeView })
  async get(@Param('name') name: string): Promise<AttributeView> {
    const attribute = (await attributesByName(this.database, [name])).get(name);
    if (!attribute) throw new DomainError('NOT_FOUND', { what: 'attribute', key: name });
    return view(attribute);
  }

  @Put(':name')
  @RequirePermission('masterdata:write')
  @ApiOperation({ summary: 'Creates or replaces a definition; it judges what is recorded from now on' })
  @ApiOkResponse({ type: AttributeView })
  async put(@Ctx() ctx: Context, @Param('name') name: string, @Body() body: PutAttributeDto): Promise<AttributeView> {
    throwRefusal(await this.putAttributes.execute(ctx, [{ ...body, name }]));
    return this.get(name);
  }
}
