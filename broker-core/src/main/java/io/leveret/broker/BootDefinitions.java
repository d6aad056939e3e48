package io.leveret.broker;

import io.leveret.broker.BrokerConfig.FirstUser;
import io.leveret.broker.definition.DefinitionsFile;
import io.leveret.broker.definition.DefinitionsFile.UserEntry;
import io.leveret.broker.definition.DefinitionsFile.VirtualHostEntry;
import io.leveret.broker.definition.Place;
import io.leveret.broker.definition.merge.DefinitionsMerge;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The files a broker imports at every start, and how they go together with the users and virtual hosts of its
 * configuration. RabbitMQ creates neither default user nor default virtual host when it has definitions to import; here
 * that is so for what is only a default, if the files have some of their own. What somebody has set is created on the first
 * boot, and the files never change the password and tags of such a user.
 *
 * @param files imported in this order
 * @param usersAreDefault whether nobody has set the users of the configuration
 * @param virtualHostsAreDefault whether nobody has set the virtual hosts of the configuration
 */
public record BootDefinitions(List<DefinitionsFile> files, boolean usersAreDefault, boolean virtualHostsAreDefault) {
    /** No files. */
    public static final BootDefinitions NONE = new BootDefinitions(List.of(), true, true);

    private static final String SETTINGS = "settings";

    public BootDefinitions {
        files = List.copyOf(files);
    }

    /** What to call the files. */
    String names() {
        return files.stream().map(DefinitionsFile::name).collect(Collectors.joining(", "));
    }

    void addTo(DefinitionsMerge merge, BrokerConfig config, boolean firstBoot) {
        Set<String> kept = usersAreDefault ? Set.of() : names(config.users());
        if (!firstBoot) {
            files.forEach(file -> merge.add(file, kept));
            return;
        }
        List<String> vhosts =
                virtualHostsAreDefault && have(VirtualHostEntry.class) ? List.of() : config.virtualHosts();
        List<FirstUser> users = usersAreDefault && have(UserEntry.class) ? List.of() : config.users();
        merge.add(firstBoot(vhosts, users), Set.of());
        files.forEach(file -> merge.add(file, kept));
        Set<String> granted = new LinkedHashSet<>(vhosts);
        if (virtualHostsAreDefault) {
            granted.addAll(merge.created().keySet());
        }
        for (FirstUser user : users) {
            granted.forEach(vhost -> merge.grantEverything(user.name(), vhost));
        }
    }

    private boolean have(Class<? extends DefinitionsFile.Entry> kind) {
        return files.stream().anyMatch(file -> file.has(kind));
    }

    private static Set<String> names(List<FirstUser> users) {
        return users.stream().map(FirstUser::name).collect(Collectors.toUnmodifiableSet());
    }

    private static DefinitionsFile firstBoot(List<String> vhosts, List<FirstUser> users) {
        List<DefinitionsFile.Entry> entries = new ArrayList<>();
        for (FirstUser user : users) {
            Place place = new Place(SETTINGS, "users", entries.size(), 0, "'" + user.name() + "'");
            entries.add(new UserEntry(place, user.name(), user.password(), "", "", user.tags()));
        }
        for (String vhost : vhosts) {
            Place place = new Place(SETTINGS, "vhosts", entries.size(), 0, "'" + vhost + "'");
            entries.add(new VirtualHostEntry(place, vhost, null, null, null));
        }
        return new DefinitionsFile(SETTINGS, entries);
    }
}
