from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from outreach.models.fields import Moment, SealedField
from outreach.models.states import EndState, Evidence, OutreachStatus, Severity, WarningKind
from tortoise.fields.base import OnDelete
from uuid6 import uuid7
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0002_people')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Outreach',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('resident', fields.ForeignKeyField('models.Resident', source_field='resident_id', db_constraint=True, to_field='id', related_name='outreaches', on_delete=OnDelete.RESTRICT)),
                ('family', fields.CharField(max_length=64)),
                ('category', fields.ForeignKeyField('models.Category', source_field='category_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('severity', fields.CharEnumField(description='HIGH: high\nMEDIUM: medium\nLOW: low', enum_type=Severity, max_length=8)),
                ('policy', fields.ForeignKeyField('models.EscalationPolicy', source_field='policy_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('exercise', fields.BooleanField(default=False)),
                ('status', fields.CharEnumField(default=OutreachStatus.OPEN, description='OPEN: open\nFOLLOWING_UP: following_up\nENDED: ended', enum_type=OutreachStatus, max_length=16)),
                ('opened_at', Moment(auto_now=False, auto_now_add=False)),
                ('ladder_from', Moment(auto_now=False, auto_now_add=False)),
                ('round', fields.IntField(default=0)),
                ('step', fields.IntField(default=-1)),
                ('tries', fields.IntField(default=0)),
                ('step_at', Moment(auto_now=False, auto_now_add=False)),
                ('hurried_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('due_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('evidence', fields.JSONField(default=list, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('paused_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('contacted_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('reached_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('convinced_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('acknowledged_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('ended_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('end_state', fields.CharEnumField(null=True, description='CONVINCED: convinced\nUNREACHED: unreached\nFALSE_ALARM: false_alarm\nWITHDRAWN: withdrawn\nCLOSED: closed', enum_type=EndState, max_length=16)),
                ('end_reason', fields.CharField(null=True, max_length=64)),
                ('taken_by', fields.ForeignKeyField('models.Coordinator', source_field='taken_by_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('version', fields.IntField(default=1)),
            ],
            options={'table': 'outreach', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Warning',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('source', fields.ForeignKeyField('models.Source', source_field='source_id', db_constraint=True, to_field='id', related_name='warnings', on_delete=OnDelete.RESTRICT)),
                ('external_id', fields.CharField(max_length=128)),
                ('content_hash', fields.CharField(max_length=64)),
                ('category', fields.ForeignKeyField('models.Category', source_field='category_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('severity', fields.CharEnumField(description='HIGH: high\nMEDIUM: medium\nLOW: low', enum_type=Severity, max_length=8)),
                ('kind', fields.CharEnumField(default=WarningKind.ALERT, description='ALERT: alert\nUPDATE: update\nCANCEL: cancel', enum_type=WarningKind, max_length=8)),
                ('summary', SealedField(unique=False)),
                ('detected_at', Moment(auto_now=False, auto_now_add=False)),
                ('received_at', Moment(auto_now=False, auto_now_add=False)),
                ('expires_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('exercise', fields.BooleanField(default=False)),
                ('references', fields.JSONField(default=list, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('where', fields.JSONField(null=True, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('about', fields.JSONField(null=True, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
            ],
            options={'table': 'warning', 'app': 'models', 'unique_together': (('source', 'external_id'),), 'indexes': [Index(fields=['received_at'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Target',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('warning', fields.ForeignKeyField('models.Warning', source_field='warning_id', db_constraint=True, to_field='id', related_name='targets', on_delete=OnDelete.RESTRICT)),
                ('resident', fields.ForeignKeyField('models.Resident', source_field='resident_id', db_constraint=True, to_field='id', related_name='targets', on_delete=OnDelete.RESTRICT)),
                ('outreach', fields.ForeignKeyField('models.Outreach', source_field='outreach_id', db_constraint=True, to_field='id', related_name='targets', on_delete=OnDelete.RESTRICT)),
                ('joined_at', Moment(auto_now=False, auto_now_add=False)),
                ('contacted_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('reached_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('reached_by', fields.CharField(null=True, max_length=16)),
                ('reached_role', fields.CharField(null=True, max_length=20)),
                ('reached_evidence', fields.CharEnumField(null=True, description='KEY: key\nSPEECH: speech\nSMS_REPLY: sms_reply\nSTOP: stop\nPERSON_BY_PHONE: person_by_phone\nIN_PERSON: in_person\nREPORTED_BY_CONTACT: reported_by_contact', enum_type=Evidence, max_length=24)),
                ('convinced_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('accurate', fields.BooleanField(null=True)),
                ('ended_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('end_state', fields.CharEnumField(null=True, description='CONVINCED: convinced\nUNREACHED: unreached\nFALSE_ALARM: false_alarm\nWITHDRAWN: withdrawn\nCLOSED: closed', enum_type=EndState, max_length=16)),
                ('end_reason', fields.CharField(null=True, max_length=64)),
                ('told_at', Moment(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'target', 'app': 'models', 'unique_together': (('warning', 'resident'),), 'indexes': [Index(fields=['outreach_id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Event',
            fields=[
                ('seq', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('outreach', fields.ForeignKeyField('models.Outreach', source_field='outreach_id', db_constraint=True, to_field='id', related_name='events', on_delete=OnDelete.RESTRICT)),
                ('target', fields.ForeignKeyField('models.Target', source_field='target_id', null=True, db_constraint=True, to_field='id', related_name='events', on_delete=OnDelete.RESTRICT)),
                ('kind', fields.CharField(max_length=64)),
                ('at', Moment(auto_now=False, auto_now_add=False)),
                ('recorded_at', Moment(auto_now=False, auto_now_add=False)),
                ('actor_kind', fields.CharField(default='system', max_length=16)),
                ('actor_id', fields.UUIDField(null=True)),
                ('data', fields.JSONField(default=dict, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
            ],
            options={'table': 'event', 'app': 'models', 'indexes': [Index(fields=['outreach_id'])], 'pk_attr': 'seq'},
            bases=['Model'],
        ),
    ]
