import { randomUUID } from "node:crypto";
import { Invited, NewColleague, RoleChange, SecondFactorRule, SessionList, StaffList } from "@rapport/contract/api";
import { normaliseEmail } from "@rapport/engine/identity/index";
import { Type } from "typebox";

import type { Clock } from "../../platform/clock.ts";
import type { Database, Sql } from "../../platform/database.ts";
import type { App } from "../../platform/http/app.ts";
import { Cursor, pageOf, placeIn } from "../../platform/http/cursor.ts";
import { Refused } from "../../platform/http/problem.ts";
import type { Audited } from "../audited.ts";
import { deleteSecondFactors, isSecondFactorRequired, requireSecondFactor } from "../second-factor/store.ts";
import { endSession, endSessions, listSessions } from "../session/store.ts";
import { tellSessions } from "../session/tell-sessions.ts";
import type { SignIns } from "../sign-in.ts";
import {
  blockStaff,
  changeRole,
  type ColleagueRow,
  findStaff,
  insertStaff,
  isColleague,
  listStaff,
  lockStanding,
  type Standing,
  unblockStaff,
} from "./store.ts";

type Parts = { db: Database; clock: Clock; signIns: SignIns; audit: Audited };

const PAGE = 100;
const Uuid = Type.String({ format: "uuid" });
const Place = Type.Tuple([Type.String({ maxLength: 1_000 }), Uuid]);
const manager = { access: { kind: "staff", role: "manager", scope: "admin" } } as const;
const admin = { access: { kind: "staff", role: "admin", scope: "admin" } } as const;
const params = Type.Object({ staffId: Uuid });

/** Colleagues: invited, given roles, blocked, signed out; and whether all must have a second factor. */
export function colleagueRoutes(app: App, { db, clock, signIns, audit }: Parts): void {
  const now = () => new Date(clock.now());

  app.get(
    "/api/staff",
    {
      config: manager,
      schema: {
        querystring: Type.Object({ cursor: Type.Optional(Cursor) }, { additionalProperties: false }),
        response: { 200: StaffList },
      },
    },
    async (request) => {
      const [place, staffId] = placeIn(Place, request.query.cursor, "cursor") ?? [];
      const after = place === undefined || staffId === undefined ? null : { place, staffId };
      const rows = await listStaff(db, after, PAGE + 1);
      const { shown, next } = pageOf(rows, PAGE, (last) => [last.place, last.staffId]);
      return { staff: shown.map(told), secondFactorRequired: await isSecondFactorRequired(db), cursor: next };
    },
  );
  app.post(
    "/api/staff",
    { config: admin, schema: { body: NewColleague, response: { 200: Invited } } },
    async (request) => {
      const email = normaliseEmail(request.body.email);
      if (!email)
        throw new Refused("request/invalid", "some fields are wrong", {
          errors: [{ field: "email", message: "must be an e-mail address" }],
        });
      const staff = { staffId: randomUUID(), email, name: request.body.name, role: request.body.role };
      if (!(await insertStaff(db, staff, now())))
        throw new Refused("staff/email-taken", "a colleague has this address already");
      await audit(request, "staff.invited", staff.staffId, { role: staff.role });
      return { staff, token: await signIns.invite(staff.staffId) };
    },
  );
  app.post(
    "/api/staff/:staffId/invitation",
    { config: admin, schema: { params, response: { 200: Invited } } },
    async (request) => {
      const row = await findStaff(db, request.params.staffId);
      if (!row) throw unknown();
      const token = await signIns.inviteAgain(row.staffId);
      await audit(request, "staff.invited-again", row.staffId);
      const { passwordHash: _, ...staff } = row;
      return { staff, token };
    },
  );
  app.patch("/api/staff/:staffId", { config: admin, schema: { params, body: RoleChange } }, async (request, reply) => {
    const { staffId } = request.params;
    const { role } = request.body;
    const asked = { takesAdmin: role !== "admin", isDone: (now: Standing) => now.role === role };
    if (await change(staffId, asked, (tx) => changeRole(tx, staffId, role)))
      await audit(request, "staff.role-changed", staffId, request.body);
    return reply.status(204).send();
  });
  app.post("/api/staff/:staffId/block", { config: admin, schema: { params } }, async (request, reply) => {
    const { staffId } = request.params;
    const asked = { takesAdmin: true, isDone: ({ isBlocked }: Standing) => isBlocked };
    if (await change(staffId, asked, (tx) => blockStaff(tx, staffId, now())))
      await audit(request, "staff.blocked", staffId);
    return reply.status(204).send();
  });
  app.post("/api/staff/:staffId/unblock", { config: admin, schema: { params } }, async (request, reply) => {
    const { staffId } = request.params;
    const asked = { takesAdmin: false, isDone: ({ isBlocked }: Standing) => !isBlocked };
    if (await change(staffId, asked, (tx) => unblockStaff(tx, staffId)))
      await audit(request, "staff.unblocked", staffId);
    return reply.status(204).send();
  });

  app.get(
    "/api/staff/:staffId/sessions",
    { config: admin, schema: { params, response: { 200: SessionList } } },
    async ({ params: { staffId }, actor }) => {
      await refuseUnknown(staffId);
      return tellSessions(await listSessions(db, staffId, now()), actor?.kind === "staff" ? actor.sessionId : null);
    },
  );
  app.delete("/api/staff/:staffId/sessions", { config: admin, schema: { params } }, async (request, reply) => {
    await refuseUnknown(request.params.staffId);
    const ended = await endSessions(db, request.params.staffId, null);
    await audit(request, "staff.signed-out", request.params.staffId, { sessions: ended });
    return reply.status(204).send();
  });
  app.delete(
    "/api/staff/:staffId/sessions/:sessionId",
    { config: admin, schema: { params: Type.Object({ staffId: Uuid, sessionId: Uuid }) } },
    async (request, reply) => {
      if (!(await endSession(db, request.params.staffId, request.params.sessionId)))
        throw new Refused("session/not-found", "this session has ended already");
      await audit(request, "staff.signed-out", request.params.staffId, { sessions: 1 });
      return reply.status(204).send();
    },
  );

  app.delete("/api/staff/:staffId/second-factor", { config: admin, schema: { params } }, async (request, reply) => {
    if (!(await db.transaction((tx) => deleteSecondFactors(tx, request.params.staffId))))
      throw new Refused("second-factor/not-found", "this colleague has no second factor");
    await audit(request, "staff.second-factor-reset", request.params.staffId);
    return reply.status(204).send();
  });
  app.patch("/api/second-factor", { config: admin, schema: { body: SecondFactorRule } }, async (request, reply) => {
    const { actor } = request;
    const { required } = request.body;
    if (required && actor?.kind === "staff" && (await signIns.factors.waysOf(actor.staff.staffId)).length === 0)
      throw new Refused("second-factor/own-first", "set up your own second factor first");
    if (await requireSecondFactor(db, required))
      await audit(request, "second-factor.rule-changed", "everybody", { required });
    return reply.status(204).send();
  });

  /**
   * Does it, unless it would take the last administrator away: one change at a time, so that none overlooks another.
   * Answers false when it was so already.
   */
  function change(
    staffId: string,
    { takesAdmin, isDone }: { takesAdmin: boolean; isDone: (now: Standing) => boolean },
    deed: (tx: Sql) => Promise<void>,
  ): Promise<boolean> {
    return db.transaction(async (tx) => {
      const standing = await lockStanding(tx, staffId);
      if (!standing) throw unknown();
      if (isDone(standing)) return false;
      if (takesAdmin && standing.isLastAdmin)
        throw new Refused("staff/last-admin", "nobody else could administer the hub: make another administrator first");
      await deed(tx);
      return true;
    });
  }

  /** A blocked colleague is known. */
  async function refuseUnknown(staffId: string): Promise<void> {
    if (!(await isColleague(db, staffId))) throw new Refused("staff/not-found", "there is no such colleague");
  }
}

const unknown = () => new Refused("staff/not-found", "there is no such colleague who may sign in");

const told = ({ passwordHash, blockedAt, lastSeenAt, place, ...row }: ColleagueRow): StaffList["staff"][number] => ({
  ...row,
  state: blockedAt ? "blocked" : passwordHash ? "active" : "invited",
  lastSeenAt: lastSeenAt?.getTime() ?? null,
});
