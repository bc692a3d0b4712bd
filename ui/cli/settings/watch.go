package settings

import (
	"errors"
	"fmt"
	"net/netip"
	"os/exec"

	"dhtop/dhtcore"
)

// Watch are the flags of the watch list.
func Watch() []Setting {
	return []Setting{
		{"watch", groupWatch, "",
			"Watch what `FILE` lists; a hash, magnet link, .torrent file or pk:KEY a line, then a label, # for comments; or a directory of .torrent files; " +
				"read again when it changes",
			field(func(s *Settings) *string { return &s.Watch.File })},
		{"mine", groupWatch, "", "Look for your own client at `IP:PORT` among the peers of what is watched; by default at the address of this node, any port",
			with((*Settings).setMine)},
		{"alert-exec", groupWatch, "", "Run `CMD` when an alert fires or clears; with the arguments fired or cleared, its rule, hash, name and sentence, and no shell",
			with((*Settings).setAlertExec)},
		{"alert-webhook", groupWatch, "", "Post alerts to `URL` as JSON, again where that fails",
			with((*Settings).setAlertWebhook)},
	}
}

// setMine reads an address, of which the port may be left out.
func (s *Settings) setMine(text string) error {
	if text == "" {
		return nil
	}
	addr, err := netip.ParseAddrPort(text)
	if err != nil {
		var ip netip.Addr
		ip, err = netip.ParseAddr(text)
		addr = netip.AddrPortFrom(ip, 0)
	}
	if err != nil || !addr.IsValid() || addr.Addr().IsUnspecified() || addr.Addr().Zone() != "" {
		return fmt.Errorf("--mine %q is no address: pass IP:PORT, as in 203.0.113.7:51413, or [IPV6]:PORT", text)
	}
	s.Explorer.Mine = netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
	return nil
}

func (s *Settings) setAlertExec(text string) error {
	command := dhtcore.SplitWords(text)
	if len(command) == 0 {
		return nil
	}
	path, err := exec.LookPath(command[0])
	if errors.Is(err, exec.ErrDot) {
		err = nil
	}
	if err != nil {
		return fmt.Errorf("--alert-exec: there is no program %q: pass its path", command[0])
	}
	command[0] = path
	s.Watch.Exec = command
	return nil
}

func (s *Settings) setAlertWebhook(text string) error {
	if text == "" {
		return nil
	}
	if err := dhtcore.CheckWebhook(text); err != nil {
		return fmt.Errorf("--alert-webhook: %w", err)
	}
	s.Watch.Webhook = text
	return nil
}
