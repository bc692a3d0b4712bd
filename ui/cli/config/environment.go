package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"dhtop/dhtcore/human"
)

// envPrefix starts the environment variables that are settings: DHTOP_NO_IPV6 is --no-ipv6.
const envPrefix = "DHTOP_"

// The variables that are no settings: the file of those, and a secret, which no flag should show to others on this machine.
const (
	FileVariable  = envPrefix + "CONFIG"
	TokenVariable = envPrefix + "TOKEN" // see attach
)

// ownVariables are no settings either, the last ones set by people who build dhtop.
var ownVariables = []string{FileVariable, TokenVariable, envPrefix + "REQUIRE", envPrefix + "TEST_NETWORK"}

// readEnvironment returns the settings among the variables, by name. A variable that is empty counts as unset. One
// that is not a setting is an error if it looks like a misspelt one, as the default may be the opposite of what its
// owner wrote. Others are warnings, as any program may set them.
func readEnvironment(variables, names []string) (settings map[string]entry, warnings []string, err error) {
	settings = map[string]entry{}
	var links, unknown []string
	for _, variable := range variables {
		key, value, _ := strings.Cut(variable, "=")
		rest, ours := strings.CutPrefix(key, envPrefix)
		name := Name(strings.ToLower(rest))
		switch {
		case !ours || value == "" || slices.Contains(ownVariables, key):
		case serviceLink(key, value):
			links = append(links, key)
		case slices.Contains(names, name):
			settings[name] = entry{text(value), key}
		case human.Nearest(name, names) != "" && !strings.HasPrefix(human.Nearest(name, names), name):
			return nil, nil, fmt.Errorf("%s is not a setting: did you mean %s? Unset it otherwise", key, Variable(human.Nearest(name, names)))
		default:
			unknown = append(unknown, key)
		}
	}
	slices.Sort(links)
	slices.Sort(unknown)
	for _, key := range unknown {
		hint := ""
		if near := human.Nearest(Name(strings.ToLower(strings.TrimPrefix(key, envPrefix))), names); near != "" {
			hint = fmt.Sprintf(": did you mean %s?", Variable(near))
		}
		warnings = append(warnings, fmt.Sprintf("%s in the environment is not a setting%s", key, hint))
	}
	if len(links) > 0 {
		warnings = append(warnings, fmt.Sprintf("%s, set by Kubernetes for a service, %s ignored: "+
			"enableServiceLinks: false in the pod leaves them out",
			listOf(links), human.Plural(len(links), "is", "are")))
	}
	return settings, warnings, nil
}

// Variable returns the environment variable of a setting.
func Variable(name string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// listOf names the first of several things, and how many more there are.
func listOf(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return fmt.Sprintf("%s and %s", names[0], human.Amount(len(names)-1, "other variable", "other variables"))
}

var (
	linkName    = regexp.MustCompile(`_SERVICE_(HOST|PORT(_\w+)?)$|_PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$`)
	linkAddress = regexp.MustCompile(`^(tcp|udp|sctp)://`)
)

// serviceLink reports whether a variable is one of those that Kubernetes sets in every pod for a service called
// dhtop or dhtop-something: DHTOP_SERVICE_HOST, DHTOP_PORT=tcp://10.96.0.1:6881, DHTOP_PORT_6881_UDP_PROTO.
func serviceLink(key, value string) bool {
	return linkName.MatchString(key) || strings.HasSuffix(key, "_PORT") && linkAddress.MatchString(value)
}
