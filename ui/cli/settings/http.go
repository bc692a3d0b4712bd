package settings

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"dhtop/ui/api"
)

// The values of --http: where it is off, and where serve has it unless told otherwise.
const (
	HttpOff   = "none"
	HttpServe = "127.0.0.1:6880"
)

func (s *Settings) setHTTP(addr string) error {
	if addr == "" || addr == HttpOff {
		return nil
	}
	if path, socket := api.SocketPath(addr); socket {
		if path == "" {
			return errors.New("--http unix:: the path of the socket is missing: pass unix:PATH")
		}
		s.HTTP = &api.Config{Addr: addr}
		return nil
	}
	_, port, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("--http %q: want HOST:PORT, such as %s, unix:PATH or %s", addr, HttpServe, HttpOff)
	}
	s.HTTP = &api.Config{Addr: addr}
	return nil
}

func (s *Settings) setHTTPHosts(names []string) error {
	for _, name := range names {
		if name == "" || strings.ContainsAny(name, ":/ ") {
			return fmt.Errorf("--http-host %q: want a host name without a port", name)
		}
	}
	s.httpHosts = names
	return nil
}
