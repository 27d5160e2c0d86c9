from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from outreach.models.fields import Moment, SealedField
from outreach.models.states import Audience, Channel, CheckInKind, NoticeChannel, OfferStatus, SendStatus, TaskKind, TaskStatus
from tortoise.fields.base import OnDelete
from uuid import uuid4
from uuid6 import uuid7
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0003_cases')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Attempt',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('status', fields.CharEnumField(default=SendStatus.QUEUED, description='QUEUED: queued\nSENDING: sending\nSENT: sent\nDELIVERED: delivered\nANSWERED: answered\nFAILED: failed\nUNKNOWN: unknown\nCANCELLED: cancelled', enum_type=SendStatus, max_length=12)),
                ('queued_at', Moment(auto_now=False, auto_now_add=False)),
                ('send_after', Moment(auto_now=False, auto_now_add=False)),
                ('sending_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('sent_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('delivered_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('answered_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('failed_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('tries', fields.IntField(default=0)),
                ('sid', fields.CharField(null=True, max_length=64)),
                ('failure', fields.CharField(null=True, max_length=64)),
                ('outreach', fields.ForeignKeyField('models.Outreach', source_field='outreach_id', db_constraint=True, to_field='id', related_name='attempts', on_delete=OnDelete.RESTRICT)),
                ('channel', fields.CharEnumField(description='SMS: sms\nVOICE: voice\nCALL: call\nVISIT: visit\nTRUSTED_CONTACT: trusted_contact\nCOORDINATOR: coordinator', enum_type=Channel, max_length=16)),
                ('phone', fields.ForeignKeyField('models.Phone', source_field='phone_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('trusted_contact', fields.ForeignKeyField('models.TrustedContact', source_field='trusted_contact_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('round', fields.IntField(default=0)),
                ('step', fields.IntField()),
                ('try_no', fields.IntField(default=1)),
                ('text_key', fields.CharField(max_length=64)),
            ],
            options={'table': 'attempt', 'app': 'models', 'indexes': [Index(fields=['outreach_id'])], 'pk_attr': 'id'},
            bases=['Sent'],
        ),
        ops.CreateModel(
            name='Offer',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('outreach', fields.ForeignKeyField('models.Outreach', source_field='outreach_id', db_constraint=True, to_field='id', related_name='offers', on_delete=OnDelete.RESTRICT)),
                ('kind', fields.CharEnumField(description='VISIT: visit\nCALL: call', enum_type=TaskKind, max_length=8)),
                ('responder', fields.ForeignKeyField('models.Responder', source_field='responder_id', null=True, db_constraint=True, to_field='id', related_name='offers', on_delete=OnDelete.RESTRICT)),
                ('unit', fields.ForeignKeyField('models.Unit', source_field='unit_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('round', fields.IntField(default=0)),
                ('step', fields.IntField()),
                ('status', fields.CharEnumField(default=OfferStatus.OFFERED, description='OFFERED: offered\nACCEPTED: accepted\nDECLINED: declined\nLAPSED: lapsed\nWITHDRAWN: withdrawn\nUNDELIVERED: undelivered', enum_type=OfferStatus, max_length=12)),
                ('distance_m', fields.FloatField(null=True)),
                ('travel_s', fields.FloatField(null=True)),
                ('reason', fields.CharField(max_length=64)),
                ('code', fields.CharField(max_length=8)),
                ('offered_at', Moment(auto_now=False, auto_now_add=False)),
                ('lapses_at', Moment(auto_now=False, auto_now_add=False)),
                ('sent_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('delivered_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('seen_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('settled_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('decline_reason', fields.CharField(null=True, max_length=64)),
                ('by_coordinator', fields.ForeignKeyField('models.Coordinator', source_field='by_coordinator_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
            ],
            options={'table': 'offer', 'app': 'models', 'indexes': [Index(fields=['outreach_id']), Index(fields=['responder_id', 'status'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Notice',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('status', fields.CharEnumField(default=SendStatus.QUEUED, description='QUEUED: queued\nSENDING: sending\nSENT: sent\nDELIVERED: delivered\nANSWERED: answered\nFAILED: failed\nUNKNOWN: unknown\nCANCELLED: cancelled', enum_type=SendStatus, max_length=12)),
                ('queued_at', Moment(auto_now=False, auto_now_add=False)),
                ('send_after', Moment(auto_now=False, auto_now_add=False)),
                ('sending_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('sent_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('delivered_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('answered_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('failed_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('tries', fields.IntField(default=0)),
                ('sid', fields.CharField(null=True, max_length=64)),
                ('failure', fields.CharField(null=True, max_length=64)),
                ('audience', fields.CharEnumField(description='RESPONDER: responder\nCOORDINATOR: coordinator\nSOURCE: source', enum_type=Audience, max_length=12)),
                ('channel', fields.CharEnumField(description='SMS: sms\nPUSH: push\nWEBHOOK: webhook\nBOARD: board', enum_type=NoticeChannel, max_length=8)),
                ('kind', fields.CharField(max_length=64)),
                ('responder', fields.ForeignKeyField('models.Responder', source_field='responder_id', null=True, db_constraint=True, to_field='id', related_name='notices', on_delete=OnDelete.RESTRICT)),
                ('coordinator', fields.ForeignKeyField('models.Coordinator', source_field='coordinator_id', null=True, db_constraint=True, to_field='id', related_name='notices', on_delete=OnDelete.RESTRICT)),
                ('source', fields.ForeignKeyField('models.Source', source_field='source_id', null=True, db_constraint=True, to_field='id', related_name='notices', on_delete=OnDelete.RESTRICT)),
                ('outreach', fields.ForeignKeyField('models.Outreach', source_field='outreach_id', null=True, db_constraint=True, to_field='id', related_name='notices', on_delete=OnDelete.RESTRICT)),
                ('target', fields.ForeignKeyField('models.Target', source_field='target_id', null=True, db_constraint=True, to_field='id', related_name='notices', on_delete=OnDelete.RESTRICT)),
                ('offer', fields.ForeignKeyField('models.Offer', source_field='offer_id', null=True, db_constraint=True, to_field='id', related_name='notices', on_delete=OnDelete.RESTRICT)),
                ('number', fields.IntField(default=0)),
                ('data', fields.JSONField(default=dict, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('seen_at', Moment(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'notice', 'app': 'models', 'indexes': [Index(fields=['outreach_id']), Index(fields=['audience', 'seen_at'])], 'pk_attr': 'id'},
            bases=['Sent'],
        ),
        ops.CreateModel(
            name='Task',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('outreach', fields.ForeignKeyField('models.Outreach', source_field='outreach_id', db_constraint=True, to_field='id', related_name='tasks', on_delete=OnDelete.RESTRICT)),
                ('kind', fields.CharEnumField(description='VISIT: visit\nCALL: call', enum_type=TaskKind, max_length=8)),
                ('responder', fields.ForeignKeyField('models.Responder', source_field='responder_id', db_constraint=True, to_field='id', related_name='tasks', on_delete=OnDelete.RESTRICT)),
                ('offer', fields.ForeignKeyField('models.Offer', source_field='offer_id', db_constraint=True, to_field='id', related_name='tasks', on_delete=OnDelete.RESTRICT)),
                ('status', fields.CharEnumField(default=TaskStatus.ACCEPTED, description='ACCEPTED: accepted\nARRIVED: arrived\nCLOSED: closed', enum_type=TaskStatus, max_length=12)),
                ('accepted_at', Moment(auto_now=False, auto_now_add=False)),
                ('arrived_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('closed_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('due_at', Moment(auto_now=False, auto_now_add=False)),
                ('acknowledge_by', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('acknowledged_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('close_reason', fields.CharField(null=True, max_length=64)),
            ],
            options={'table': 'task', 'app': 'models', 'indexes': [Index(fields=['outreach_id']), Index(fields=['responder_id', 'status'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='CheckIn',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='check_ins', on_delete=OnDelete.RESTRICT)),
                ('responder', fields.ForeignKeyField('models.Responder', source_field='responder_id', db_constraint=True, to_field='id', related_name='check_ins', on_delete=OnDelete.RESTRICT)),
                ('kind', fields.CharEnumField(description='ARRIVED: arrived\nOUTCOME: outcome\nNOTE: note', enum_type=CheckInKind, max_length=8)),
                ('outcome', fields.CharField(null=True, max_length=64)),
                ('note', SealedField(null=True, unique=False)),
                ('made_at', Moment(auto_now=False, auto_now_add=False)),
                ('corrected_at', Moment(auto_now=False, auto_now_add=False)),
                ('clock_error_s', fields.FloatField(default=0.0)),
                ('bounded', fields.BooleanField(default=False)),
                ('received_at', Moment(auto_now=False, auto_now_add=False)),
                ('location', SealedField(null=True, unique=False)),
                ('accuracy_m', fields.FloatField(null=True)),
                ('after_handover', fields.BooleanField(default=False)),
                ('body_hash', fields.CharField(max_length=64)),
            ],
            options={'table': 'check_in', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='CheckInKeptAside',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('check_in', fields.ForeignKeyField('models.CheckIn', source_field='check_in_id', db_constraint=True, to_field='id', related_name='kept_aside', on_delete=OnDelete.RESTRICT)),
                ('body', SealedField(unique=False)),
                ('body_hash', fields.CharField(max_length=64)),
                ('received_at', Moment(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'check_in_kept_aside', 'app': 'models', 'unique_together': (('check_in', 'body_hash'),), 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
