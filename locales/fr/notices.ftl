# SMS, courriers et courriels. Les valeurs viennent de src/flow/texts.rs.
# Un SMS tient en un seul message (160 caractères GSM) et ne dit ni nom, ni démarche, ni nationalité :
# un téléphone se partage.

## SMS

sms-receipt = Votre demande { $reference } est inscrite. Gardez cette référence. Rien à payer, rien à refaire. Suivi : { $url }
sms-identity-wanted = Demande { $reference } inscrite. Il reste à montrer un document d'identité au guichet. C'est gratuit. Suivi : { $url }
sms-identity-warning = Demande { $reference } : sans document d'identité montré au guichet, elle sera fermée. C'est gratuit. Suivi : { $url }
sms-convocation = Demande { $reference } : rendez-vous le { $date } à { $time }. { $site }. Détails : { $url }
sms-reissued = Demande { $reference } : nom corrigé, même rendez-vous le { $date } à { $time }. L'ancienne convocation n'est plus valable : { $url }
sms-reminder = Rappel { $reference } : rendez-vous le { $date } à { $time }. { $site }. Détails : { $url }
sms-cancellation =
    { $penalty-state ->
        [announced] Demande { $reference } : le rendez-vous du { $date } à { $time } est annulé. Suites, et contestation avant le { $effect } : { $url }
       *[other] Demande { $reference } : le rendez-vous du { $date } à { $time } est annulé. Ce que cela change et comment contester : { $url }
    }
sms-missed =
    { $penalty-state ->
        [announced] Demande { $reference } : rendez-vous du { $date } à { $time } manqué. Suites, et contestation avant le { $effect } : { $url }
       *[other] Demande { $reference } : rendez-vous du { $date } à { $time } manqué. Ce que cela change et comment contester : { $url }
    }
sms-incomplete = Demande { $reference } : dossier incomplet le { $date } à { $time }. Vous ne perdez rien. Ce qui manquait et la suite : { $url }
sms-penalty-upheld = Demande { $reference } : votre contestation n'est pas acceptée. Pourquoi, et ce que vous pouvez faire : { $url }
sms-penalty-lifted = Demande { $reference } : votre contestation est acceptée, rien n'est perdu. Détails : { $url }
sms-review-answered = Demande { $reference } : un agent a répondu à votre demande d'examen. Réponse : { $url }
sms-apology =
    { $outcome ->
        [convoked] Demande { $reference } : la préfecture annule le rendez-vous du { $date } à { $time }. Pardon. Le nouveau reste valable. { $url }
        [first] Demande { $reference } : la préfecture annule le rendez-vous du { $date } à { $time }. Pardon. Vous aurez ensuite priorité. { $url }
       *[other] Demande { $reference } : la préfecture annule le rendez-vous du { $date } à { $time }. Pardon. Votre ancienneté reste. { $url }
    }
sms-withdrawal = Demande { $reference } : elle est retirée. Si ce n'est pas vous, dites-le vite à la préfecture. { $url }
sms-moved = Demande { $reference } : elle est dans une autre file. Sa date et son ancienneté restent. { $url }
sms-changed = Demande { $reference } modifiée (nom, dates, pause, délai ou tour). Si ce n'est pas votre choix, appelez la préfecture. { $url }
sms-closure = Demande { $reference } : elle est fermée. Pourquoi et comment contester : { $url }

## Objets

subject-receipt = Demande { $reference } : elle est inscrite
subject-identity-wanted = Demande { $reference } : elle est inscrite, il reste à vérifier votre identité
subject-identity-warning = Demande { $reference } : elle sera fermée si votre identité n'est pas vérifiée
subject-convocation = Demande { $reference } : votre rendez-vous
subject-reissued = Demande { $reference } : votre convocation au nom corrigé
subject-reminder = Demande { $reference } : rappel de votre rendez-vous
subject-cancellation = Demande { $reference } : votre rendez-vous est annulé
subject-missed = Demande { $reference } : vous avez manqué votre rendez-vous
subject-incomplete = Demande { $reference } : il manquait quelque chose à votre dossier
subject-penalty-upheld = Demande { $reference } : réponse à votre contestation
subject-penalty-lifted = Demande { $reference } : réponse à votre contestation
subject-review-answered = Demande { $reference } : réponse à votre demande d'examen
subject-apology = Demande { $reference } : la préfecture a annulé votre rendez-vous
subject-withdrawal = Demande { $reference } : elle est retirée
subject-moved = Demande { $reference } : elle est dans une autre file
subject-changed = Demande { $reference } : elle a été modifiée
subject-closure = Demande { $reference } : elle est fermée

## Ce que les courriers ont en commun

letter-head =
    { $name }
    Demande { $reference }
    File : { $queue }
    Inscription : { $registered }

letter-follow =
    Pour voir votre demande, avec la référence { $reference } et votre date de naissance : { $url }

letter-ended =
    Copie d'un courrier ancien. Ce rendez-vous n'est plus valable : ne venez pas avec cette feuille.

letter-object =
    Vous pouvez contester cette décision auprès de la préfecture, par courrier ou au guichet. C'est gratuit. Une personne relira votre dossier et vous répondra.

letter-foot =
    { letter-follow }

    Sans ordinateur : { $help }

    Tout est gratuit. Aucune place ne peut être vendue ni achetée. Si quelqu'un vous demande de l'argent, ne payez pas et dites-le à la préfecture.

    { $prefecture }

letter-next = Prochain tirage : { $at }.

letter-new =
    Vous avez un nouveau rendez-vous : le { $new-date } à { $new-time }, { $new-site }. Il reste valable : venez à celui-là.

letter-proof =
    Ce courrier prouve que vous attendez depuis la date d'inscription écrite en haut. Gardez-le. Ce n'est pas un récépissé. Il ne donne aucun droit au séjour ni au travail.

## Courriers et courriels

letter-receipt =
    { letter-head }

    Votre demande est inscrite. Elle est datée.

    Les rendez-vous sont attribués par tirage. Se connecter plus vite ou plus souvent ne change rien. { $next }

    { $situation }

    Quand vous aurez un rendez-vous, nous vous l'écrirons, avec la date, l'heure et l'adresse.

    { letter-proof }

    { letter-foot }

letter-identity-wanted =
    { letter-head }

    Votre demande est inscrite. Elle est datée. Mais nous n'avons pas encore pu vérifier qui vous êtes.

    Ce que vous devez faire : montrez un document d'identité à un agent de la préfecture. Un passeport, une carte consulaire, un acte de naissance ou un titre de séjour suffit, même expiré. C'est gratuit. Votre demande garde sa date d'inscription.

    Vous avez { $days } jours à partir de la réception de ce courrier. Un courrier posté compte comme reçu cinq jours après. Sans cela, votre demande sera fermée. Nous vous préviendrons deux fois avant.

    { letter-proof }

    { letter-foot }

letter-identity-warning =
    { letter-head }

    Personne n'a encore pu vérifier qui vous êtes. Sans cela, votre demande sera fermée le { $closes }, ou plus tard : jamais moins de trois jours après la réception de cet avis. Un courrier posté compte comme reçu cinq jours après.

    Ce que vous devez faire : montrez un document d'identité à un agent de la préfecture. Un passeport, une carte consulaire, un acte de naissance ou un titre de séjour suffit, même expiré. C'est gratuit. Votre demande garde sa date d'inscription.

    Si vous ne pouvez pas vous déplacer, ou si vous n'avez aucun document, dites-le à la préfecture avant cette date. Elle cherchera une solution avec vous.

    { letter-foot }

letter-appointment =
    Le { $date } à { $time }
    { $site }
    { $address }
    Guichet { $desk }

    Cette convocation est au nom de la personne suivante : { $name }. Elle est personnelle : elle ne peut être ni donnée ni vendue. Un agent vérifiera au guichet que c'est bien vous. { $again ->
        [yes] Elle a été émise de nouveau le { $issued }, au nom corrigé (version { $issue }). Les versions d'avant ne sont plus valables.
       *[no] Elle a été émise le { $issued }.
    }

    Apportez ce courrier ou la référence { $reference }, et un document d'identité : celui que vous avez indiqué à l'inscription, si vous l'avez encore.

    Si vous ne pouvez pas venir, rendez ce rendez-vous le plus tôt possible sur { $url }, ou faites-le rendre par la préfecture. Vous le rendez à temps jusqu'au { $free }, et en tout cas pendant 24 heures après avoir reçu cette convocation. Un courrier posté compte comme reçu cinq jours après. { $seniority ->
        [lost] Si vous le rendez à temps, votre demande reste en attente, mais son ancienneté repart de zéro : ce n'est pas la première fois.
       *[kept] Si vous le rendez à temps, votre demande reste en attente et garde son ancienneté, cette fois-ci.
    } La place rendue va à un tirage suivant, jamais à une personne choisie.

    Si vous ne venez pas et ne prévenez pas, les règles de la file s'appliquent : une pause, ou la fermeture de la demande.

    Ce rendez-vous vient d'un tirage fait par ordinateur, selon des règles publiques. Vous pouvez demander ces règles, et demander qu'une personne examine votre situation.

letter-convocation =
    { letter-head }

    Vous avez un rendez-vous.

    { letter-appointment }

    { letter-foot }

letter-reissued =
    { letter-head }

    Votre convocation est émise de nouveau, au nom corrigé. Le rendez-vous ne change pas : même jour, même heure, même lieu. Les convocations que vous aviez reçues ne sont plus valables : ne les apportez pas.

    { letter-appointment }

    { letter-foot }

letter-reminder =
    { letter-head }

    Nous vous rappelons votre rendez-vous.

    Le { $date } à { $time }
    { $site }
    { $address }
    Guichet { $desk }

    Apportez votre convocation ou la référence { $reference }, et un document d'identité.

    Si vous ne pouvez pas venir, rendez ce rendez-vous dès maintenant sur { $url }, ou prévenez la préfecture. Un rendez-vous manqué peut fermer votre demande.

    { letter-foot }

letter-cancellation =
    { letter-head }

    Votre rendez-vous du { $date } à { $time } ({ $site }) est annulé : il a été rendu par vous, ou pour vous.

    { $outcome ->
        [waiting] { $penalty-state ->
            [none] Il a été rendu à temps. Votre demande attend de nouveau, avec sa date d'inscription. { $seniority ->
                [lost] Ce n'est pas la première fois : l'ancienneté repart de zéro.
               *[kept] Elle garde son ancienneté.
            }
           *[other] Votre demande attend de nouveau, avec sa date d'inscription.
        } { $situation } { $next }
        [convoked] { letter-new }
        [closed] Votre demande est fermée. Vous pouvez vous inscrire de nouveau. Ce sera une nouvelle demande, avec une nouvelle date.
       *[other] La page de votre demande dit ce que cela change. La préfecture peut aussi vous le dire.
    }

    { $penalty }

    Si vous aviez une bonne raison, par exemple une hospitalisation, dites-le. { letter-object }

    { letter-foot }

letter-missed =
    { letter-head }

    Vous avez manqué votre rendez-vous du { $date } à { $time } ({ $site }), et il n'avait pas été rendu.

    { $outcome ->
        [waiting] Votre demande attend de nouveau, avec sa date d'inscription. { $situation } { $next }
        [convoked] { letter-new }
        [closed] Votre demande est fermée. Vous pouvez vous inscrire de nouveau. Ce sera une nouvelle demande, avec une nouvelle date.
       *[other] La page de votre demande dit ce que cela change. La préfecture peut aussi vous le dire.
    }

    { $penalty }

    Si vous étiez là, ou si vous aviez une bonne raison, par exemple une hospitalisation, dites-le. { letter-object }

    { letter-foot }

letter-incomplete =
    { letter-head }

    Vous êtes venu ou venue au rendez-vous du { $date } à { $time } ({ $site }), mais votre dossier n'était pas complet. Il manquait : « { $missing } ».

    { $outcome ->
        [convoked] { letter-new }
        [closed] Votre demande est fermée. La préfecture peut vous dire pourquoi.
        [other] La page de votre demande dit où elle en est. La préfecture peut aussi vous le dire.
       *[waiting] Vous ne perdez rien : votre demande attend de nouveau, avec sa date d'inscription et son ancienneté. { $situation } { $next }
    }

    Réunissez ce qui manquait et apportez-le au prochain rendez-vous. Si vous pensez que votre dossier était complet, dites-le. { letter-object }

    { letter-foot }

letter-apology =
    { letter-head }

    { $told ->
        [no] La convocation à votre rendez-vous du { $date } à { $time } ({ $site }) ne vous est pas parvenue à temps. Votre absence ne compte pas : ce rendez-vous est annulé par la préfecture. Ce n'est pas de votre faute. Nous vous demandons pardon.
       *[yes] La préfecture a annulé votre rendez-vous du { $date } à { $time } ({ $site }). Ce n'est pas de votre faute. Nous vous demandons pardon. Ne venez pas à ce rendez-vous : personne ne pourrait vous recevoir.
    }

    { $outcome ->
        [convoked] { letter-new }
        [first] Votre demande attend de nouveau. Elle garde sa date d'inscription et son ancienneté. Au prochain tirage où elle est dans la liste et où un rendez-vous vous convient, elle passe avant les autres. { $situation } { $next }
        [closed] Votre demande est fermée. La préfecture peut vous dire pourquoi.
        [other] La page de votre demande dit où elle en est. La préfecture peut aussi vous le dire.
       *[waiting] Votre demande attend de nouveau. Elle garde sa date d'inscription et son ancienneté. { $situation } { $next }
    }

    Si cette annulation vous cause un tort, par exemple si votre titre de séjour expire, dites-le à la préfecture. { letter-object }

    { letter-proof }

    { letter-foot }

letter-withdrawal =
    { letter-head }

    Votre demande est retirée, par vous ou pour vous. Elle ne compte plus dans les tirages. Si vous aviez un rendez-vous, il est annulé.

    { $penalty }

    Si vous ne l'avez pas voulu, dites-le vite à la préfecture. { letter-object }

    Vous pouvez vous inscrire de nouveau quand vous voulez. Ce sera une nouvelle demande, avec une nouvelle date.

    { letter-foot }

letter-penalty-upheld =
    { letter-head }

    Vous avez contesté la suite d'un rendez-vous. Un agent, autre que celui qui a noté l'absence, a relu votre dossier. Votre contestation n'est pas acceptée.

    { $penalty }

    { letter-object }

    { letter-foot }

letter-review-answered =
    { letter-head }

    Vous avez demandé qu'une personne examine votre demande. Un agent l'a relue et vous répond :

    { $answer }

    { letter-object }

    { letter-foot }

letter-penalty-lifted =
    { letter-head }

    Vous avez contesté la suite d'un rendez-vous. Un agent, autre que celui qui a noté l'absence, a relu votre dossier. Votre contestation est acceptée : vous ne perdez rien.

    { $penalty }

    { letter-foot }

## Ce qu'un rendez-vous manqué ou rendu tard coûte (lettres et pages)

penalty-reason-missed = Le rendez-vous du { $date } à { $time } ({ $site }) a été manqué, et il n'avait pas été rendu.
penalty-reason-late-return = Le rendez-vous du { $date } à { $time } ({ $site }) a été rendu trop tard pour aller à quelqu'un d'autre à temps.
penalty-reason-late-withdrawal = La demande a été retirée trop tard pour que son rendez-vous du { $date } à { $time } ({ $site }) aille à quelqu'un d'autre à temps.
penalty-cost-pause = Selon les règles de la file, la demande n'est dans aucun tirage pendant { $days } { $days ->
        [one] jour
       *[other] jours
    }, et son ancienneté repart de zéro. Une nouvelle demande de la même personne n'y change rien. { $withdrawn ->
       *[no] La date d'inscription reste.
        [yes] Une nouvelle demande a sa propre date.
    }
penalty-cost-close = Selon les règles de la file, la demande est fermée. Il est alors possible de s'inscrire de nouveau.
penalty-state-announced = Cela ne prend effet que { $effect }. D'ici là, rien ne change.
penalty-state-objected = Une contestation est enregistrée. Rien ne change tant qu'un agent, autre que celui qui a noté l'absence, n'a pas décidé.
penalty-state-upheld = La contestation n'a pas été acceptée. Cela prend effet { $effect }.
penalty-state-in-force = Cela a pris effet { $effect }.
penalty-state-lifted = La contestation est acceptée : rien n'est perdu.
penalty-ruling = Raison de la décision : { $ruling }
penalty-how = Vous pouvez contester avant cette date : sur la page de suivi de votre demande, par téléphone, par courrier ou au guichet. Dites ce qui s'est passé. C'est gratuit. Une contestation suspend tout jusqu'à la décision d'un agent.
penalty-law = Vous pouvez vous faire aider par la personne de votre choix. C'est votre droit : articles L. 121-1 et L. 122-1 du code des relations entre le public et l'administration.

letter-changed =
    { letter-head }

    Votre demande a été modifiée, par un agent de la préfecture ou sur votre page en ligne : votre nom ou votre date de naissance, vos dates possibles, une pause, une date limite, votre tour, la personne qui vous aide, ou une contestation notée pour vous. Votre date d'inscription et votre ancienneté restent.

    Vous pouvez voir ce qui est enregistré sur { $url }, ou en appelant la préfecture. Si vous ne l'avez pas demandé, ou si c'est une erreur, dites-le vite : c'est corrigé sans frais. { letter-object }

    { letter-foot }

letter-moved =
    { letter-head }

    Votre demande est maintenant dans la file « { $queue } ». C'est celle qui correspond à votre démarche.

    Elle garde sa référence, sa date d'inscription et son ancienneté. Si vous aviez un rendez-vous dans l'autre file, il est terminé.

    { $situation } { $next }

    Regardez si vos disponibilités sont encore justes. Si cette file n'est pas la bonne, dites-le à la préfecture. { letter-object }

    { letter-foot }

letter-closure =
    { letter-head }

    Votre demande est fermée. Elle ne compte plus dans les tirages.

    { $reason ->
        [identity] La raison : votre identité n'a pas été confirmée. Personne n'a pu la vérifier à temps, ou la personne venue au guichet n'était pas celle de la convocation.
        [duplicate] La raison : vous avez déjà une autre demande pour la même démarche. C'est elle qui compte, avec sa date.
       *[other] La page de votre demande dit pourquoi. La préfecture peut aussi vous le dire.
    }

    { letter-object }

    Si vous n'avez pas d'autre demande, vous pouvez vous inscrire de nouveau. Ce sera une nouvelle demande, avec une nouvelle date.

    { letter-foot }
