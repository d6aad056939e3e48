package io.leveret.broker.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UsersTests {
    private final Users users = new Users();

    UsersTests() {
        users.putUser(new User("alice", PasswordHash.of("pw"), Set.of("management")));
    }

    @Test
    void authenticatesWithTheRightPasswordOnly() {
        assertThat(users.authenticate("alice", "pw")).map(User::name).contains("alice");
        assertThat(users.authenticate("alice", "PW")).isEmpty();
        assertThat(users.authenticate("alice", "")).isEmpty();
        assertThat(users.authenticate("Alice", "pw")).isEmpty();
        assertThat(users.authenticate("", "")).isEmpty();
    }

    @Test
    void neverAuthenticatesAUserWithoutAPassword() {
        users.putUser(new User("cert", PasswordHash.NONE, Set.of()));

        assertThat(users.authenticate("cert", "")).isEmpty();
        assertThat(users.authenticate("cert", "x")).isEmpty();
    }

    @Test
    void newPasswordReplacesTheOldAndKeepsPermissions() {
        users.putPermission(Permission.of("alice", "/", "", "", ""));

        users.putUser(new User("alice", PasswordHash.of("new"), Set.of()));

        assertThat(users.authenticate("alice", "pw")).isEmpty();
        assertThat(users.authenticate("alice", "new")).isPresent();
        assertThat(users.mayAccess("alice", "/")).isTrue();
    }

    @Test
    void putsManyAtOnceAndKeepsWhatIsNotAmongThem() {
        users.putPermission(Permission.of("alice", "/", "a", "", ""));
        users.putTopicPermission(TopicPermission.of("alice", "/", "amq.topic", "a", ""));
        long version = users.version();

        users.putAll(
                List.of(
                        new User("alice", PasswordHash.of("new"), Set.of()),
                        new User("bob", PasswordHash.of("b"), Set.of("monitoring"))),
                List.of(Permission.of("alice", "v", "v", "", ""), Permission.of("bob", "/", "b", "", "")),
                List.of(
                        TopicPermission.of("alice", "/", "other", "o", ""),
                        TopicPermission.of("bob", "v", "amq.topic", "b", "")));

        assertThat(users.version()).isEqualTo(version + 1);
        assertThat(users.authenticate("alice", "new")).isPresent();
        assertThat(users.authenticate("bob", "b")).isPresent();
        assertThat(users.current().permissions())
                .extracting(permission -> permission.configure().regex())
                .containsExactlyInAnyOrder("a", "v", "b");
        assertThat(users.current().topicPermissions("alice", "/")).containsOnlyKeys("amq.topic", "other");
        assertThat(users.current().topicPermissions("bob", "v")).containsOnlyKeys("amq.topic");
    }

    @Test
    void putsNothingWhenAPermissionIsForNobody() {
        long version = users.version();
        assertThatThrownBy(() -> users.putAll(
                        List.of(new User("bob", PasswordHash.NONE, Set.of())),
                        List.of(Permission.of("nobody", "/", "", "", "")),
                        List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(users.version()).isEqualTo(version);
        assertThat(users.current().user("bob")).isEmpty();
    }

    @Test
    void anyPermissionRowGivesAccessToTheVhost() {
        assertThat(users.mayAccess("alice", "/")).isFalse();

        users.putPermission(Permission.of("alice", "/", "", "", ""));

        assertThat(users.mayAccess("alice", "/")).isTrue();
        assertThat(users.mayAccess("alice", "other")).isFalse();
        assertThat(users.mayAccess("bob", "/")).isFalse();

        users.clearPermission("alice", "/");

        assertThat(users.mayAccess("alice", "/")).isFalse();
    }

    @Test
    void deletingAUserDeletesItsPermissions() {
        users.putPermission(Permission.of("alice", "/", "", "", ""));
        users.putTopicPermission(TopicPermission.of("alice", "/", "amq.topic", "", ""));

        users.deleteUser("alice");
        users.putUser(new User("alice", PasswordHash.of("pw"), Set.of()));

        assertThat(users.mayAccess("alice", "/")).isFalse();
        assertThat(users.current().topicPermissions()).isEmpty();
    }

    @Test
    void deletingAVhostDeletesItsPermissions() {
        users.putUser(new User("bob", PasswordHash.of("pw"), Set.of()));
        for (String user : Set.of("alice", "bob")) {
            users.putPermission(Permission.of(user, "/", "", "", ""));
            users.putPermission(Permission.of(user, "v", "", "", ""));
            users.putTopicPermission(TopicPermission.of(user, "v", "t", "", ""));
        }

        users.deleteVhost("v");

        assertThat(users.current().permissions()).extracting(Permission::vhost).containsExactly("/", "/");
        assertThat(users.current().topicPermissions()).isEmpty();
    }

    @Test
    void clearsTopicPermissionsOneByOneOrAllOfAVhost() {
        for (String exchange : Set.of("a", "b", "c")) {
            users.putTopicPermission(TopicPermission.of("alice", "/", exchange, "", ""));
        }

        users.clearTopicPermission("alice", "/", "a");
        assertThat(users.current().topicPermissions("alice", "/")).containsOnlyKeys("b", "c");

        users.clearTopicPermissions("alice", "/");
        assertThat(users.current().topicPermissions("alice", "/")).isEmpty();
    }

    @Test
    void rejectsPermissionsOfNobody() {
        assertThatThrownBy(() -> users.putPermission(Permission.of("bob", "/", "", "", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("user 'bob' does not exist");
        assertThatThrownBy(() -> users.putTopicPermission(TopicPermission.of("bob", "/", "t", "", "")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rejectsAPermissionThatIsNoPattern() {
        assertThatThrownBy(() -> Permission.of("alice", "/", "(", "", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("invalid regular expression '(':");
    }

    @Test
    void versionGrowsWithEveryChangeAndOnlyThen() {
        long before = users.version();
        users.clearPermission("alice", "/");
        users.clearTopicPermission("alice", "/", "t");
        users.clearTopicPermissions("alice", "/");
        users.deleteUser("nobody");
        users.deleteVhost("nowhere");
        assertThat(users.version()).isEqualTo(before);

        users.putPermission(Permission.of("alice", "/", "", "", ""));
        long afterPut = users.version();
        users.clearPermission("alice", "/");

        assertThat(afterPut).isGreaterThan(before);
        assertThat(users.version()).isGreaterThan(afterPut);
    }

    @Test
    void snapshotDoesNotChange() {
        AccessControl before = users.current();

        users.putUser(new User("bob", PasswordHash.NONE, Set.of()));

        assertThat(before.users()).extracting(User::name).containsExactly("alice");
        assertThat(users.current().users()).extracting(User::name).containsExactly("alice", "bob");
    }
}
