from fastapi import APIRouter

from app.api.deps import SessionDep, get_or_404
from app.models import User
from app.schemas.user import UserCreate, UserRead, UserUpdate
from app.security import hash_password

router = APIRouter(prefix="/users", tags=["users"])


@router.post("", response_model=UserRead, status_code=201)
def create_user(payload: UserCreate, session: SessionDep) -> User:
    details = payload.model_dump(exclude={"password"})
    user = User(**details, hashed_password=hash_password(payload.password))
    session.add(user)
    session.commit()
    return user


@router.get("/{user_id}", response_model=UserRead)
def read_user(user_id: int, session: SessionDep) -> User:
    return get_or_404(session, User, user_id)


@router.patch("/{user_id}", response_model=UserRead)
def update_user(user_id: int, payload: UserUpdate, session: SessionDep) -> User:
    user = get_or_404(session, User, user_id)
    for name, value in payload.model_dump(exclude_unset=True).items():
        setattr(user, name, value)
    session.commit()
    return user
