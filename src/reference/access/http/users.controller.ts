import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database } from '@/platform/db';
import { ApiPage, decodeCursor, type Page, PageDto, pageSize, toPage } from '@/platform/http';
import { ChangeUser } from '../app/change-user';
import { CreateUser } from '../app/create-user';
import { listUsers, viewUser } from '../queries';
import { ChangeUserDto, CreateUserDto, UserView } from './dto';

@ApiTags('access')
@Controller('users')
@RequirePermission('users:admin')
export class UsersController {
  constructor(
    private readonly database: Database,
    private readonly createUser: CreateUser,
    private readonly changeUser: ChangeUser,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Users, by name' })
  @ApiPage(UserView)
  async list(@Query() page: PageDto): Promise<Page<UserView>> {
    const size = pageSize(page.limit);
    const rows = await listUsers(this.database, decodeCursor<string>(page.cursor) ?? '', size + 1);
    return toPage(rows, size, (row) => row.username, viewUser);
  }

  @Post()
  @ApiOperation({ summary: 'Adds a user' })
  @ApiCreatedResponse({ type: UserView })
  create(@Ctx() ctx: Context, @Body() body: CreateUserDto): Promise<UserView> {
    return this.createUser.execute(ctx, body);
  }

  @Patch(':username')
  @ApiOperation({ summary: 'Changes a user: name, role, password, or whether they may sign in' })
  @ApiOkResponse({ type: UserView })
  change(@Ctx() ctx: Context, @Param('username') username: string, @Body() body: ChangeUserDto): Promise<UserView> {
    return this.changeUser.execute(ctx, username, body);
  }
}
