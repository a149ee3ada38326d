import { Controller, Get, Param, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { RequirePermission } from '@/platform/auth';
import { Reports } from '../app/reports';
import { attachment, fileName, ReportFormat } from '../domain/file-name';
import type { ReportModel } from '../domain/model';

const TYPES: Record<ReportFormat, string> = {
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
};

@ApiTags('reports')
@Controller('traces/:id')
@RequirePermission('reports:read')
export class ReportsController {
  constructor(private readonly reports: Reports) {}

  @Get('report')
  @ApiOperation({ summary: 'The recall impact report of a finished trace, as data: what the files are made from' })
  report(@Param('id') id: string): Promise<ReportModel> {
    return this.reports.model(id);
  }

  @Get('report.pdf')
  @ApiOperation({ summary: 'The report as a document to hand on' })
  @ApiProduces(TYPES.pdf)
  pdf(@Param('id') id: string): Promise<StreamableFile> {
    return this.file(id, 'pdf');
  }

  @Get('report.xlsx')
  @ApiOperation({ summary: 'The report as a workbook with every unit; codes are text' })
  @ApiProduces(TYPES.xlsx)
  xlsx(@Param('id') id: string): Promise<StreamableFile> {
    return this.file(id, 'xlsx');
  }

  @Get('report.csv')
  @ApiOperation({ summary: 'The report as one table with every unit; codes are text, formulas are defused' })
  @ApiProduces('text/csv')
  csv(@Param('id') id: string): Promise<StreamableFile> {
    return this.file(id, 'csv');
  }

  private async file(id: string, format: ReportFormat): Promise<StreamableFile> {
    const { report, write } = await this.reports.file(id);
    const stream: Readable = await write(format);
    return new StreamableFile(stream, {
      type: TYPES[format],
      disposition: attachment(fileName(report, format)),
    });
  }
}
