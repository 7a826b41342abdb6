"""The methods of the Web API that ask with a bot's token, by name."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.servers.slack import chat, conversations, files, modals, people
from tests.servers.slack.asked import Asked
from tests.servers.slack.state import State

Method = Callable[[State, Asked], dict[str, Any]]

METHODS: Mapping[str, Method] = {
    "auth.test": people.auth_test,
    "auth.revoke": people.auth_revoke,
    "chat.postMessage": chat.post_message,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.update": chat.update,
    "chat.delete": chat.delete,
    "chat.getPermalink": chat.get_permalink,
    "conversations.info": conversations.info,
    "conversations.list": conversations.list_,
    "conversations.join": conversations.join,
    "conversations.open": conversations.open_,
    "conversations.history": conversations.history,
    "conversations.replies": conversations.replies,
    "users.info": people.user_info,
    "usergroups.list": people.groups,
    "usergroups.users.list": people.group_users,
    "views.open": modals.open_,
    "views.push": modals.push,
    "views.update": modals.update,
    "views.publish": modals.publish,
    "files.info": files.info,
    "files.getUploadURLExternal": files.get_upload_url,
    "files.completeUploadExternal": files.complete_upload,
}
