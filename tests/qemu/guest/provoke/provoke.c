// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * provoke.c - makes an error that the kernel's checkers report, so that a test can see that they
 * do, and that a scenario with their reports fails. The parameter "what" names the error. Loading
 * the module always fails.
 */
#include <linux/bug.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

static char *what = "";
module_param(what, charp, 0);
MODULE_PARM_DESC(what, "warning, lock-order, sleep, overflow or use-after-free");

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);
static DEFINE_SPINLOCK(spin);

static void provoke_lock_order(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);

	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static void provoke_sleep(void)
{
	spin_lock(&spin);
	might_sleep();
	spin_unlock(&spin);
}

static void provoke_memory(bool after_free)
{
	size_t size = 24;
	char *bytes = kmalloc(size, GFP_KERNEL);

	if (!bytes)
		return;
	/* The compiler must not know the size, or it would report the error itself. */
	OPTIMIZER_HIDE_VAR(size);
	if (after_free) {
		kfree(bytes);
		OPTIMIZER_HIDE_VAR(bytes);
		READ_ONCE(bytes[8]);
	} else {
		READ_ONCE(bytes[size]);
		kfree(bytes);
	}
}

static int __init provoke_init(void)
{
	if (!strcmp(what, "warning"))
		WARN(1, "provoke\n");
	else if (!strcmp(what, "lock-order"))
		provoke_lock_order();
	else if (!strcmp(what, "sleep"))
		provoke_sleep();
	else if (!strcmp(what, "overflow"))
		provoke_memory(false);
	else if (!strcmp(what, "use-after-free"))
		provoke_memory(true);
	else
		return -EINVAL;

	return -ECANCELED;
}
module_init(provoke_init);

MODULE_DESCRIPTION("Makes errors that the kernel's checkers report");
MODULE_LICENSE("Dual BSD/GPL");
