import { Body, Controller, Get, HttpCode, Param, ParseIntPipe, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DomainError } from '@/kernel';
import { Ctx, Principal, RequirePermission } from '@/platform/auth';
import { type Context, Database, escapeLike } from '@/platform/db';
import { decodeCursor, pageSize, toPage } from '@/platform/http';
import { placesByCode } from '@/reference/places';
import { ChangeTask } from '../app/change-task';
import { CreateTask } from '../app/create-task';
import { ScanTask, type TaskScanned } from '../app/scan-task';
import { viewLine, viewTask } from '../app/task-views';
import { linesOf, listTasks, taskByRef, type TaskFilter } from '../db/tasks';
import {
  AssignTaskDto,
  CancelTaskDto,
  CommandDto,
  CreateTaskDto,
  FinishTaskDto,
  ScanTaskDto,
  SkipLineDto,
  TasksQueryDto,
} from './task-dto';

const OPEN = ['open', 'assigned', 'in-progress'] as const;
const NO_DUE = Number.MAX_SAFE_INTEGER;

@ApiTags('tasks')
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly database: Database,
    private readonly createTask: CreateTask,
    private readonly changeTask: ChangeTask,
    private readonly scanTask: ScanTask,
  ) {}

  @Get()
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'Tasks, the most urgent first' })
  async list(@Principal() principal: Principal, @Query() query: TasksQueryDto) {
    const size = pageSize(query.limit);
    const status = query.status ?? 'open';
    const filter: TaskFilter = {
      statuses: status === 'all' ? null : status === 'open' ? OPEN : [status],
      q: escapeLike(query.q ?? ''),
      ...(query.kind && { kind: query.kind }),
      ...(query.assignee && { assignee: query.assignee }),
      ...(query.mine && { forUser: { name: principal.name, role: principal.role } }),
      ...(query.ref && { ref: query.ref }),
      ...(query.place && { placeId: await this.placeId(query.place) }),
    };
    const tasks = await listTasks(
      this.database,
      filter,
      decodeCursor<[number, number, number]>(query.cursor),
      size + 1,
    );
    const lines = await linesOf(
      this.database,
      tasks.map((task) => task.taskId),
    );
    return toPage(
      tasks,
      size,
      (task) => [task.priority, task.dueMs ?? NO_DUE, task.taskId],
      (task) =>
        viewTask(
          task,
          lines.filter((line) => line.taskId === task.taskId),
        ),
    );
  }

  @Get(':task')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'A task with its lines in the order of walking' })
  async get(@Param('task') ref: string) {
    const task = await taskByRef(this.database, ref);
    const lines = await linesOf(this.database, [task.taskId]);
    return { ...viewTask(task, lines), lines: lines.map(viewLine) };
  }

  @Post()
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Makes a task: what to fetch from where to where, to count, to inspect or to sweep' })
  async create(@Ctx() ctx: Context, @Body() body: CreateTaskDto) {
    const { units, ...rest } = body;
    const { task } = await this.createTask.execute(ctx, {
      ...rest,
      ...(units && {
        units: units.map(({ unitId, unit, ...more }) => ({
          ...more,
          ...((unitId ?? unit) && { unit: unitId ?? unit }),
        })),
      }),
    });
    return this.get(task);
  }

  @Post(':task/assign')
  @HttpCode(200)
  @RequirePermission('work:plan')
  @ApiOperation({ summary: 'Gives a task to somebody, or to nobody' })
  async assign(@Ctx() ctx: Context, @Param('task') ref: string, @Body() body: AssignTaskDto) {
    await this.changeTask.execute(ctx, ref, body.id, { to: 'assigned', assignee: body.assignee });
    return this.get(ref);
  }

  @Post(':task/start')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Begins a task; one that is nobody’s is yours from now on' })
  async start(@Ctx() ctx: Context, @Param('task') ref: string, @Body() body: CommandDto) {
    await this.changeTask.execute(ctx, ref, body.id, { to: 'in-progress' });
    return this.get(ref);
  }

  @Post(':task/scan')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'A scan for a task, with its verdict; "stop" and "ask" have changed nothing' })
  scan(@Ctx() ctx: Context, @Param('task') ref: string, @Body() body: ScanTaskDto): Promise<TaskScanned> {
    return this.scanTask.execute(ctx, ref, body);
  }

  @Post(':task/lines/:line/skip')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'A line that cannot be done, with the reason' })
  async skip(
    @Ctx() ctx: Context,
    @Param('task') ref: string,
    @Param('line', ParseIntPipe) line: number,
    @Body() { id, status, reason }: SkipLineDto,
  ) {
    await this.changeTask.skipLine(ctx, ref, line, id, { status, reason });
    return this.get(ref);
  }

  @Post(':task/finish')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Ends a task; with open lines only with a reason' })
  async finish(@Ctx() ctx: Context, @Param('task') ref: string, @Body() { id, reason }: FinishTaskDto) {
    await this.changeTask.execute(ctx, ref, id, { to: 'done', ...(reason !== undefined && { reason }) });
    return this.get(ref);
  }

  @Post(':task/cancel')
  @HttpCode(200)
  @RequirePermission('work:plan')
  @ApiOperation({ summary: 'Takes a task back; what was done of it stays done' })
  async cancel(@Ctx() ctx: Context, @Param('task') ref: string, @Body() { id, reason }: CancelTaskDto) {
    await this.changeTask.execute(ctx, ref, id, { to: 'cancelled', reason });
    return this.get(ref);
  }

  private async placeId(code: string): Promise<number> {
    const place = (await placesByCode(this.database, [code])).get(code);
    if (!place) throw new DomainError('UNKNOWN_PLACE', { place: code });
    return place.placeId;
  }
}
