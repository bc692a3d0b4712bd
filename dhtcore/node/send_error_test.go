package node

import (
	"net"
	"net/netip"
	"os"
	"syscall"
	"testing"
)

func TestASendErrorSaysWhatTheSystemSaidAlone(t *testing.T) {
	refused := &net.OpError{Op: "write", Net: "udp4", Err: os.NewSyscallError("sendto", syscall.ENETUNREACH)}
	err := &SendError{netip.MustParseAddrPort("192.0.2.1:6881"), refused}
	if want := "cannot send to 192.0.2.1:6881: " + syscall.ENETUNREACH.Error(); err.Error() != want {
		t.Errorf("%q; want %q", err, want)
	}
}
