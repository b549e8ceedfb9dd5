import { Module, type DynamicModule } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { CommandRegistry } from '../../../libs/dispatch/registry.js';
import { DispatchModule } from '../../../libs/dispatch/dispatch.module.js';
import type { Ledger } from '../../../libs/eventstore/transact.js';
import { reportsContext } from '../../../libs/domain/reports/reports.context.js';
import type { AnyContext } from '../../../libs/kernel/context.js';
import { CalendarController } from '../../../libs/calendar/calendar.controller.js';
import { commandController } from '../../../libs/http/command-controllers.js';
import { CommandBatchController } from '../../../libs/http/command-batch.controller.js';
import { HealthController } from '../../../libs/http/health.controller.js';
import { ParkedController } from '../../../libs/http/parked.controller.js';
import { PUBLIC_URL } from '../../../libs/http/public-url.js';
import { PROJECTION_SIDE, type ProjectionSide } from '../../../libs/http/projection-side.js';
import { ProjectionsController } from '../../../libs/http/projections.controller.js';
import { reportRowsController } from '../../../libs/http/report-rows.controllers.js';
import { RootController } from '../../../libs/http/root.controller.js';
import { ImportController } from '../../../libs/import/import.controller.js';
import { ProblemsController } from '../../../libs/http/problems.controller.js';
import { READ_SIDE, reportController, type ReadSide } from '../../../libs/http/report.controllers.js';
import type { Beside } from '../../../libs/kernel/beside.js';
import type { AnyReport } from '../../../libs/kernel/report.js';
import { collectionRoute, recordController } from '../../../libs/http/record.controllers.js';
import { unknownReport, unknownReportController } from '../../../libs/http/unknown-report.controller.js';
import { RulesController } from '../../../libs/rules/rules.controller.js';
import { defineBeside } from '../../../projections/funnel/define-beside.js';
import { captureBeside } from '../../../projections/lead-duplicates/capture-beside.js';

/** What the answers of commands tell besides their outcome. */
const BESIDES: readonly Beside[] = [captureBeside, defineBeside];

/** The HTTP side: one route a command, one a record, and what describes them. */
@Module({})
export class ApiModule {
  static for(contexts: readonly AnyContext[], ledger: Ledger, reports: readonly AnyReport[], readSide?: ReadSide, projectionSide?: ProjectionSide, publicUrl?: string): DynamicModule {
    const commands = new CommandRegistry(contexts).all().map((registered) => commandController(registered, BESIDES.find(({ command }) => command === registered.spec.name)));
    const records = contexts.flatMap((context) => {
      const route = collectionRoute(context);
      return route === undefined ? [] : [recordController(context, route, context === reportsContext && reports.length > 0 ? unknownReport(reports) : undefined)];
    });
    return {
      module: ApiModule,
      imports: [DispatchModule.for(contexts, ledger), TerminusModule.forRoot({ logger: false })],
      controllers: [...commands, ...records, CommandBatchController, ProblemsController, HealthController, ProjectionsController, ParkedController, RootController, ImportController, RulesController, CalendarController, ...reports.flatMap((report) => [reportController(report), reportRowsController(report)]), unknownReportController(reports)],
      providers: [{ provide: READ_SIDE, useValue: readSide }, { provide: PROJECTION_SIDE, useValue: projectionSide }, { provide: PUBLIC_URL, useValue: publicUrl }],
    };
  }
}
