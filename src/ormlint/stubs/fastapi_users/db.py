from fastapi_users_db_sqlalchemy import *
