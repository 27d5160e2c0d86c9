from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from outreach.models.fields import Moment, SealedField
from outreach.models.states import ResponderRole
from tortoise.fields.base import OnDelete
from uuid6 import uuid7
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0001_organisations')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Resident',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('source', fields.ForeignKeyField('models.Source', source_field='source_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('external_id', fields.CharField(null=True, max_length=128)),
                ('name', SealedField(null=True, unique=False)),
                ('name_hash', fields.CharField(null=True, max_length=64)),
                ('language', fields.CharField(null=True, max_length=16)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', null=True, db_constraint=True, to_field='id', related_name='residents', on_delete=OnDelete.RESTRICT)),
                ('vulnerabilities', fields.JSONField(default=list, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('possible_double_of', fields.ForeignKeyField('models.Resident', source_field='possible_double_of_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('made_at', Moment(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'resident', 'app': 'models', 'unique_together': (('source', 'external_id'),), 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Address',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('resident', fields.ForeignKeyField('models.Resident', source_field='resident_id', db_constraint=True, to_field='id', related_name='addresses', on_delete=OnDelete.RESTRICT)),
                ('text', SealedField(null=True, unique=False)),
                ('point', SealedField(null=True, unique=False)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('kind', fields.CharField(default='home', max_length=16)),
                ('origin', fields.CharField(default='warning', max_length=64)),
                ('verified_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('made_at', Moment(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'address', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='OptOut',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('resident', fields.ForeignKeyField('models.Resident', source_field='resident_id', null=True, db_constraint=True, to_field='id', related_name='opt_outs', on_delete=OnDelete.RESTRICT)),
                ('number_hash', fields.CharField(db_index=True, max_length=64)),
                ('channel', fields.CharField(max_length=16)),
                ('scope', fields.CharField(default='all', max_length=64)),
                ('origin', fields.CharField(max_length=64)),
                ('at', Moment(auto_now=False, auto_now_add=False)),
                ('lifted_at', Moment(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'opt_out', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Phone',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('resident', fields.ForeignKeyField('models.Resident', source_field='resident_id', db_constraint=True, to_field='id', related_name='phones', on_delete=OnDelete.RESTRICT)),
                ('number', SealedField(unique=False)),
                ('number_hash', fields.CharField(db_index=True, max_length=64)),
                ('country', fields.CharField(max_length=2)),
                ('kind', fields.CharField(default='mobile', max_length=16)),
                ('origin', fields.CharField(default='warning', max_length=64)),
                ('verified_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('wrong_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('made_at', Moment(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'phone', 'app': 'models', 'unique_together': (('resident', 'number_hash'),), 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Responder',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('unit', fields.ForeignKeyField('models.Unit', source_field='unit_id', null=True, db_constraint=True, to_field='id', related_name='responders', on_delete=OnDelete.RESTRICT)),
                ('external_id', fields.CharField(null=True, unique=True, max_length=128)),
                ('name', SealedField(unique=False)),
                ('number', SealedField(unique=False)),
                ('number_hash', fields.CharField(unique=True, max_length=64)),
                ('country', fields.CharField(max_length=2)),
                ('language', fields.CharField(default='zh-CN', max_length=16)),
                ('languages', fields.JSONField(default=list, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('role', fields.CharEnumField(description='VOLUNTEER: volunteer\nGRID_WORKER: grid_worker\nCOMMUNITY_WORKER: community_worker\nOFFICER: officer', enum_type=ResponderRole, max_length=20)),
                ('trained', fields.JSONField(default=list, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('vetted_until', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', db_constraint=True, to_field='id', related_name='responders', on_delete=OnDelete.RESTRICT)),
                ('home_lat', fields.FloatField()),
                ('home_lon', fields.FloatField()),
                ('lat', fields.FloatField(null=True)),
                ('lon', fields.FloatField(null=True)),
                ('position_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('cell', fields.IntField()),
                ('capacity', fields.IntField(default=1)),
                ('load', fields.IntField(default=0)),
            ],
            options={'table': 'responder', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Absence',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('responder', fields.ForeignKeyField('models.Responder', source_field='responder_id', db_constraint=True, to_field='id', related_name='absences', on_delete=OnDelete.RESTRICT)),
                ('starts_at', Moment(auto_now=False, auto_now_add=False)),
                ('ends_at', Moment(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'absence', 'app': 'models', 'indexes': [Index(fields=['responder_id', 'ends_at'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Shift',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('responder', fields.ForeignKeyField('models.Responder', source_field='responder_id', db_constraint=True, to_field='id', related_name='shifts', on_delete=OnDelete.RESTRICT)),
                ('starts_at', Moment(auto_now=False, auto_now_add=False)),
                ('ends_at', Moment(auto_now=False, auto_now_add=False)),
                ('origin', fields.CharField(default='plan', max_length=16)),
            ],
            options={'table': 'shift', 'app': 'models', 'indexes': [Index(fields=['responder_id', 'ends_at'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='TrustedContact',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('resident', fields.ForeignKeyField('models.Resident', source_field='resident_id', db_constraint=True, to_field='id', related_name='trusted_contacts', on_delete=OnDelete.RESTRICT)),
                ('name', SealedField(unique=False)),
                ('number', SealedField(unique=False)),
                ('number_hash', fields.CharField(db_index=True, max_length=64)),
                ('country', fields.CharField(max_length=2)),
                ('relation', fields.CharField(max_length=64)),
                ('language', fields.CharField(null=True, max_length=16)),
                ('may_be_told', fields.CharField(default='please_call', max_length=16)),
                ('consent_at', Moment(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'trusted_contact', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
