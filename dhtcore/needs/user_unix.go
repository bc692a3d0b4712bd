//go:build unix

package needs

import (
	"errors"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// PostgreSQL refuses to run as root, so root lends it the name of somebody else.

// giveAway makes that user the owner of dir.
func giveAway(dir string) error {
	as, err := unprivileged()
	if err != nil || as == nil {
		return err
	}
	return os.Chown(dir, int(as.Uid), int(as.Gid))
}

// asUser lets cmd run as that user.
func asUser(cmd *exec.Cmd) error {
	as, err := unprivileged()
	if err == nil && as != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	}
	return err
}

// unprivileged returns a user without rights, or nil if we are one.
func unprivileged() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, _ := strconv.ParseUint(u.Uid, 10, 32)
			gid, _ := strconv.ParseUint(u.Gid, 10, 32)
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, errors.New("neither postgres nor nobody is a user here, and PostgreSQL refuses root")
}
