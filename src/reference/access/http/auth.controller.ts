import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Principal, Public, SignedIn } from '@/platform/auth';
import { Settings } from '@/platform/config';
import { SESSION_COOKIE } from '@/platform/http';
import { SignIn } from '../app/sign-in';
import { SignOut } from '../app/sign-out';
import { LoginDto, LoginView, MeView } from './dto';

@ApiTags('access')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly signIn: SignIn,
    private readonly signOut: SignOut,
    private readonly settings: Settings,
  ) {}

  @Post('login')
  @Public()
  @HttpCode(200)
  @ApiOperation({ summary: 'Signs in with a name and a password; the session is a cookie' })
  @ApiOkResponse({ type: LoginView })
  async login(
    @Body() body: LoginDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LoginView> {
    const { token, user } = await this.signIn.execute({
      ...body,
      address: request.ip,
      requestId: String(request.id),
    });
    void reply.setCookie(SESSION_COOKIE, token, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: request.protocol === 'https',
      maxAge: this.settings.sessionHours * 3_600,
    });
    return { user };
  }

  @Post('logout')
  @Public()
  @HttpCode(204)
  @ApiOperation({ summary: 'Ends the session of the cookie' })
  @ApiNoContentResponse()
  async logout(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const token = request.cookies[SESSION_COOKIE];
    if (token) await this.signOut.execute(token, String(request.id));
    void reply.clearCookie(SESSION_COOKIE, { path: '/' });
  }

  @Get('me')
  @SignedIn()
  @ApiOperation({ summary: 'Who calls, and what they may do' })
  @ApiOkResponse({ type: MeView })
  me(@Principal() principal: Principal): MeView {
    const { name, displayName, role, permissions, actor } = principal;
    return { user: { username: name, displayName, role, permissions, actor } };
  }
}
