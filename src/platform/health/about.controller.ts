import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { SignedIn } from '@/platform/auth';
import { Settings } from '@/platform/config';

@ApiTags('health')
@Controller('config')
export class AboutController {
  constructor(private readonly settings: Settings) {}

  @Get()
  @SignedIn()
  @ApiOperation({ summary: 'What a client needs to know of this installation: time zone, version, limits' })
  about() {
    const { timeZone, version, eventsMax, bodyBytesMax, linksPerEventMax, traceLinksMax, uploadBytesMax, demo } =
      this.settings;
    return {
      timeZone,
      version,
      demo,
      limits: { eventsMax, bodyBytesMax, linksPerEventMax, traceLinksMax, uploadBytesMax },
    };
  }
}
