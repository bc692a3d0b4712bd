package portmap

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"dhtop/dhtcore/wire"
)

// gateway returns the gateway of the default route with the lowest metric, by an interface unless its name is "".
func gateway(family wire.Family, device string) (netip.Addr, error) {
	file, parse := "/proc/net/route", parseRoute4
	if family == wire.IPv6 {
		file, parse = "/proc/net/ipv6_route", parseRoute6
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return netip.Addr{}, errNoRoute
	}
	best, lowest := netip.Addr{}, uint64(math.MaxUint64)
	for line := range strings.Lines(string(text)) {
		gateway, name, metric, ok := parse(strings.Fields(line))
		if ok && (device == "" || name == device) && metric < lowest {
			best, lowest = gateway, metric
		}
	}
	if !best.IsValid() {
		return best, errNoRoute
	}
	return best, nil
}

// parseRoute4 reads a line of /proc/net/route, and reports whether it is a default route with a gateway that is up.
func parseRoute4(f []string) (gateway netip.Addr, device string, metric uint64, ok bool) {
	if len(f) < 8 || f[1] != "00000000" || f[7] != "00000000" {
		return gateway, "", 0, false
	}
	flags, err1 := strconv.ParseUint(f[3], 16, 32)
	metric, err2 := strconv.ParseUint(f[6], 10, 64)
	number, err3 := strconv.ParseUint(f[2], 16, 32)
	const want = unix.RTF_UP | unix.RTF_GATEWAY
	if err1 != nil || err2 != nil || err3 != nil || flags&want != want {
		return gateway, "", 0, false
	}
	var b [4]byte
	binary.NativeEndian.PutUint32(b[:], uint32(number)) // the kernel prints it so
	return netip.AddrFrom4(b), f[0], metric, true
}

// parseRoute6 reads a line of /proc/net/ipv6_route, likewise.
func parseRoute6(f []string) (gateway netip.Addr, device string, metric uint64, ok bool) {
	const zeros = "00000000000000000000000000000000"
	if len(f) < 10 || f[0] != zeros || f[1] != "00" || f[4] == zeros {
		return gateway, "", 0, false
	}
	b, err1 := hex.DecodeString(f[4])
	metric, err2 := strconv.ParseUint(f[5], 16, 64)
	flags, err3 := strconv.ParseUint(f[8], 16, 32)
	const want = unix.RTF_UP | unix.RTF_GATEWAY
	if err1 != nil || err2 != nil || err3 != nil || len(b) != 16 || flags&want != want {
		return gateway, "", 0, false
	}
	gateway = netip.AddrFrom16([16]byte(b))
	if gateway.IsLinkLocalUnicast() {
		gateway = gateway.WithZone(f[9])
	}
	return gateway, f[9], metric, true
}
