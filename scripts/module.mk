# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Debian packages and sources that the project needs, and tests of the scripts. See
# the --help of each script.

# Missing packages are installed before the rest of the makefiles is read, as these
# run the compiler and pkg-config. If none is missing, this takes 0.05 s. Not for
# targets that need no package, and not for "make -n".
ifneq ($(filter-out help clean distclean,$(or $(MAKECMDGOALS),all)),)
ifeq ($(MAKELEVEL)$(findstring n,$(filter-out --%,$(firstword $(MAKEFLAGS)))),0)
deps_output := $(shell scripts/install-deps.sh >&2)
ifneq ($(.SHELLSTATUS),0)
$(error some packages are missing, see above)
endif
endif
endif

.PHONY: deps
deps: ## install the Debian packages that are missing
	@scripts/install-deps.sh

# "make install" installs the packages that work on the project needs. With PREFIX
# or DESTDIR, in the environment or as in "make install PREFIX=/usr/local", it
# installs the command instead (install-tools of tools/module.mk).
install_where := $(filter command environment,$(origin PREFIX) $(origin DESTDIR))
.PHONY: install
install: $(if $(install_where),install-tools,deps) ## install what the project needs; with PREFIX=DIR the command instead
ifeq ($(install_where),)
	@echo "install: every package of scripts/packages is installed"
	@echo "install: to install the command, say where: make install PREFIX=/usr/local"
endif

.PHONY: uninstall
uninstall: $(if $(install_where),uninstall-tools) ## with PREFIX=DIR: remove the command, its units and hooks
ifeq ($(install_where),)
	@echo "uninstall: say where the command is: make uninstall PREFIX=/usr/local" >&2
	@exit 2
endif

# Tests of the scripts, and of properties of all files: licence, language, C style.
SHELL_SCRIPTS := tools/debian/kernel-hook tests/deb/installed.t $(wildcard .ci/run scripts/*.sh scripts/tests/*.t kernel-patch/*.sh tests/*/*.sh)
.PHONY: check-scripts
check-scripts: | deps ## shellcheck, tests of scripts, man page, licences, language
	@shellcheck $(SHELL_SCRIPTS)
	@$(PROVE) -j$(CHECK_JOBS) scripts/tests

# Not a part of `make check`: it builds a kernel and runs all tests.
RELEASE ?= trixie
.PHONY: check-release
check-release: ## `make run` and `make check` in a fresh Debian RELEASE=trixie (or bookworm)
	@scripts/check-release.sh $(RELEASE)
