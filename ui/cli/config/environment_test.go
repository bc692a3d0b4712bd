package config

import (
	"fmt"
	"strings"
	"testing"
)

func TestVariablesThatAreNoSettings(t *testing.T) {
	names := []string{"bootstrap", "http", "no-color", "no-ipv6", "port", "vantages"}
	for _, c := range []struct {
		variables []string
		want      string // of the error or the warnings; "" for neither
	}{
		{[]string{"DHTOP_PROT=1"}, "DHTOP_PROT is not a setting: did you mean DHTOP_PORT?"},
		{[]string{"DHTOP_BOOTSTRP=none"}, "did you mean DHTOP_BOOTSTRAP?"},
		{[]string{"DHTOP_NOIPV6=1"}, "did you mean DHTOP_NO_IPV6?"},
		{[]string{"DHTOP_PROT="}, ""},
		{[]string{"DHTOP_CONFIG=x", "PATH=/bin", "DHTOPPORT=1", "XDHTOP_PROT=1"}, ""},
		{[]string{"DHTOP_BOOT=x"}, "[DHTOP_BOOT in the environment is not a setting: did you mean DHTOP_BOOTSTRAP?]"},
		{[]string{"DHTOP_COLOUR=x"}, "[DHTOP_COLOUR in the environment is not a setting]"},
		{[]string{"DHTOP_VERSION=1.2"}, "[DHTOP_VERSION in the environment is not a setting]"},
		{[]string{"DHTOP_PORT=tcp://10.96.0.1:6881"}, "[DHTOP_PORT, set by Kubernetes for a service, is ignored: enableServiceLinks: false"},
		{
			[]string{
				"DHTOP_PORT=udp://10.96.0.1:6881", "DHTOP_SERVICE_HOST=10.96.0.1", "DHTOP_SERVICE_PORT=6881", "DHTOP_SERVICE_PORT_DHT=6881",
				"DHTOP_PORT_6881_UDP=udp://10.96.0.1:6881", "DHTOP_PORT_6881_UDP_PROTO=udp", "DHTOP_PORT_6881_UDP_PORT=6881", "DHTOP_PORT_6881_UDP_ADDR=10.96.0.1",
				"DHTOP_HTTP_PORT=tcp://10.96.0.2:80", "DHTOP_HTTP_SERVICE_HOST=10.96.0.2",
			}, "[DHTOP_HTTP_PORT and 9 other variables, set by Kubernetes for a service, are ignored",
		},
	} {
		settings, warnings, err := readEnvironment(c.variables, names)
		got := fmt.Sprint(warnings)
		if err != nil {
			got = err.Error()
		}
		if len(settings) > 0 || !strings.Contains(got, c.want) || c.want == "" && got != "[]" {
			t.Errorf("%q: %v, %s; want %s", c.variables, settings, got, c.want)
		}
	}
}
