from datetime import datetime

from pydantic import BaseModel, ConfigDict


class AccessLogRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    user_id: int
    action: str
    resource: str
    occurred_at: datetime
