from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from outreach.models.fields import Moment, SealedField
from outreach.models.states import AreaKind, Severity, TokenKind
from tortoise.fields.base import OnDelete
from uuid6 import uuid7
from tortoise import fields

class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name='AccessToken',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('kind', fields.CharEnumField(description='SOURCE: source\nRESPONDER: responder\nCOORDINATOR: coordinator', enum_type=TokenKind, max_length=16)),
                ('holder_id', fields.UUIDField(db_index=True)),
                ('hash', fields.CharField(unique=True, max_length=64)),
                ('made_at', Moment(auto_now=False, auto_now_add=False)),
                ('expires_at', Moment(null=True, auto_now=False, auto_now_add=False)),
                ('revoked_at', Moment(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'access_token', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Area',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('parent', fields.ForeignKeyField('models.Area', source_field='parent_id', null=True, db_constraint=True, to_field='id', related_name='children', on_delete=OnDelete.RESTRICT)),
                ('kind', fields.CharEnumField(description='CITY: city\nDISTRICT: district\nSTREET: street\nCOMMUNITY: community\nGRID: grid', enum_type=AreaKind, max_length=16)),
                ('code', fields.CharField(unique=True, max_length=64)),
                ('name', fields.CharField(max_length=120)),
                ('path', fields.CharField(db_index=True, max_length=400)),
                ('time_zone', fields.CharField(null=True, max_length=64)),
                ('boundary', fields.JSONField(null=True, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('lat', fields.FloatField(null=True)),
                ('lon', fields.FloatField(null=True)),
            ],
            options={'table': 'area', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Category',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('code', fields.CharField(unique=True, max_length=64)),
                ('family', fields.CharField(db_index=True, max_length=64)),
                ('name', fields.CharField(max_length=120)),
                ('outcomes', fields.JSONField(default=list, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('scripts', fields.JSONField(default=dict, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
            ],
            options={'table': 'category', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='EscalationPolicy',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('name', fields.CharField(max_length=64)),
                ('version', fields.IntField()),
                ('family', fields.CharField(max_length=64)),
                ('severity', fields.CharEnumField(description='HIGH: high\nMEDIUM: medium\nLOW: low', enum_type=Severity, max_length=8)),
                ('body', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('digest', fields.CharField(max_length=64)),
                ('made_at', Moment(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'escalation_policy', 'app': 'models', 'unique_together': (('name', 'version'), ('name', 'digest')), 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Unit',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('code', fields.CharField(unique=True, max_length=64)),
                ('name', fields.CharField(max_length=120)),
                ('kind', fields.CharField(max_length=64)),
            ],
            options={'table': 'unit', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Source',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('unit', fields.ForeignKeyField('models.Unit', source_field='unit_id', db_constraint=True, to_field='id', related_name='sources', on_delete=OnDelete.RESTRICT)),
                ('code', fields.CharField(unique=True, max_length=64)),
                ('name', fields.CharField(max_length=120)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('webhook_url', fields.CharField(null=True, max_length=500)),
                ('webhook_secret', SealedField(null=True, unique=False)),
            ],
            options={'table': 'source', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Coordinator',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('name', SealedField(unique=False)),
                ('phone', SealedField(null=True, unique=False)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', null=True, db_constraint=True, to_field='id', related_name='coordinators', on_delete=OnDelete.RESTRICT)),
                ('source', fields.ForeignKeyField('models.Source', source_field='source_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
            ],
            options={'table': 'coordinator', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
