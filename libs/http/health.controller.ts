import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

/** Whether the process answers; what it depends on is told by the status of the projections. */
@ApiTags('health')
@Controller('health')
export class LivenessController {
  @Get('live')
  live() {
    return { status: 'ok' };
  }
}
